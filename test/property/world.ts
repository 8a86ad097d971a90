import type { Message, SendAnswer, TurnAnswer } from '../support/client';
import { eventually } from '../support/process';
import { ask, type RawAnswer } from '../faults/support/http';
import { LoadReport, type SentMessage } from '../faults/support/load-report';
import { personaNameOf } from '../faults/support/load';
import { Person } from '../faults/support/person';
import type { Random } from '../faults/support/random';
import type { Observed, Scene } from '../faults/support/scene';
import { Watcher } from '../faults/support/watcher';

const TIMEOUT_MS = 60_000;
const SETTLED_WITHIN_MS = 60_000;
const OVER = new Set(['completed', 'failed', 'cancelled']);

/** How a client waits for the answer to what it asks. */
export type Manner = 'async' | 'wait' | 'stream';

interface Room {
  id: number;
  owner: Person;
}

interface KnownMessage {
  id: number;
  room: Room;
  role: 'user' | 'assistant';
  /** Of a reply: the words that it answers. */
  words: string;
}

interface KnownTurn {
  id: number;
  room: Room;
}

interface KnownWatcher {
  watcher: Watcher;
  turnId: number;
}

/** Several people with several conversations, and everything they know by what they were answered. */
export class World implements Observed {
  readonly report = new LoadReport();
  readonly conversationIds: ReadonlySet<number>;
  private readonly turns = new Map<number, KnownTurn>();
  private readonly messages = new Map<number, KnownMessage>();
  private readonly watchers: KnownWatcher[] = [];
  private readonly underway = new Set<Promise<void>>();
  private count = 0;

  private constructor(
    private readonly scene: Scene,
    private readonly rooms: readonly Room[],
  ) {
    this.conversationIds = new Set(rooms.map(({ id }) => id));
  }

  /** Two people, the first with two conversations, the second with one. */
  static async make(scene: Scene, random: Random): Promise<World> {
    const rooms: Room[] = [];
    for (const conversations of [2, 1]) {
      const owner = await Person.register(() => scene.fleet.apiUrls(), random);
      const persona = await owner.client.persona({ name: personaNameOf(owner.userId) });
      for (let count = 0; count < conversations; count += 1) {
        rooms.push({ id: await owner.client.conversation(persona), owner });
      }
    }
    return new World(scene, rooms);
  }

  send(roomChoice: number, directive: string, manner: Manner, times: number): void {
    const room = this.rooms[roomChoice % this.rooms.length]!;
    this.makeTurn({
      kind: 'send',
      room,
      method: 'POST',
      path: `/chat/conversations/${room.id}/send`,
      words: this.newWords(room, directive),
      manner,
      times,
    });
  }

  edit(choice: number, directive: string, manner: Manner, times: number): void {
    const message = recent(
      [...this.messages.values()].filter(({ role }) => role === 'user'),
      choice,
    );
    if (message === undefined) return;
    const { room } = message;
    const words = this.newWords(room, directive);
    this.makeTurn({ kind: 'edit', room, method: 'PUT', path: `/chat/messages/${message.id}`, words, manner, times });
  }

  regenerate(choice: number, manner: Manner, times: number): void {
    const message = recent([...this.messages.values()], choice);
    if (message === undefined) return;
    const { room, words } = message;
    const path = `/chat/messages/${message.id}/regenerate`;
    this.makeTurn({ kind: 'regenerate', room, method: 'POST', path, words, manner, times });
  }

  cancel(choice: number): void {
    const turn = recent([...this.turns.values()], choice);
    if (turn === undefined) return;
    this.report.cancelAsked.push(turn.id);
    this.inBackground(async () => {
      const answer = await this.ask(turn.room, 'POST', `/chat/turns/${turn.id}/cancel`);
      if (answer.status === 200) this.see(JSON.parse(answer.text) as TurnAnswer);
      else this.allow(answer, 'cancel', [202]);
    });
  }

  delete(choice: number): void {
    const message = recent([...this.messages.values()], choice);
    if (message === undefined) return;
    this.inBackground(async () => {
      this.allow(await this.ask(message.room, 'DELETE', `/chat/messages/${message.id}`), 'delete', [204, 404]);
    });
  }

  rate(choice: number, isGood: boolean): void {
    const message = recent([...this.messages.values()], choice);
    if (message === undefined) return;
    const wanted = message.role === 'assistant' ? [200, 404] : [404, 409];
    this.inBackground(async () => {
      const body = { rating: isGood ? 'up' : 'down' };
      const answer = await this.ask(message.room, 'POST', `/chat/messages/${message.id}/feedback`, body);
      this.allow(answer, `feedback on ${message.role}`, wanted);
    });
  }

  /** One reader more, who may come in the middle or after the end. */
  watch(choice: number): void {
    const turn = recent([...this.turns.values()], choice);
    if (turn === undefined) return;
    const watcher = this.newWatcher(turn.room);
    this.watchers.push({ watcher, turnId: turn.id });
    this.inBackground(async () => void this.allow(await watcher.watch(turn.id), 'watch', [200]));
  }

  disconnect(choice: number): void {
    recent(this.watchers, choice)?.watcher.disconnect();
  }

  resume(choice: number): void {
    const known = recent(this.watchers, choice);
    if (known === undefined) return;
    known.watcher.disconnect();
    this.inBackground(async () => void this.allow(await known.watcher.watch(known.turnId), 'resume', [200]));
  }

  /** Learns what is in the conversations by now. */
  async look(): Promise<void> {
    for (const room of this.rooms) {
      const answer = await this.ask(room, 'GET', `/chat/conversations/${room.id}/messages?limit=200`);
      this.allow(answer, 'list', [200]);
      if (answer.status !== 200) continue;
      const { messages } = JSON.parse(answer.text) as { messages: (Message & { replies_to_id?: number | null })[] };
      const words = new Map(messages.map(({ id, content }) => [id, content]));
      for (const { id, role, content, replies_to_id: asked } of messages) {
        const answered = role === 'user' ? content : (words.get(asked ?? 0) ?? this.messages.get(asked ?? 0)?.words);
        if (answered !== undefined) this.messages.set(id, { id, room, role, words: answered });
      }
    }
  }

  /** Everything that was begun ends: requests, turns, streams, processes that come back, late entries in the ledger. */
  async settle(): Promise<void> {
    await Promise.all([...this.underway]);
    const deadline = AbortSignal.timeout(SETTLED_WITHIN_MS);
    await Promise.all(this.watchers.map(({ watcher, turnId }) => watcher.follow(turnId, deadline)));
    await this.scene.fleet.settled();
    await this.scene.untilNoTurnIsOpen();
    await this.untilLedgerIsClosed();
    for (const { id, room } of this.turns.values()) {
      const answer = await this.ask(room, 'GET', `/chat/turns/${id}`);
      if (answer.status === 200) this.see(JSON.parse(answer.text) as TurnAnswer);
      else this.allow(answer, 'turn', [200]);
    }
  }

  /** A request that makes a turn, `times` times at once with the same key. */
  private makeTurn(wish: {
    kind: SentMessage['kind'];
    room: Room;
    method: string;
    path: string;
    words: string;
    manner: Manner;
    times: number;
  }): void {
    const { kind, room, words: content } = wish;
    const sent: SentMessage = {
      kind,
      conversationId: room.id,
      userId: room.owner.userId,
      content,
      key: `key-${(this.count += 1)}`,
      ends: content.includes('[[fake:quota') ? 'failed' : 'completed',
      accepted: [],
    };
    this.report.sent.push(sent);
    const body = kind === 'regenerate' ? undefined : { content };
    for (let time = 0; time < wish.times; time += 1) {
      this.inBackground(async () => {
        if (wish.manner === 'stream') await this.stream(sent, room, wish.method, wish.path, body);
        else {
          const prefer: Record<string, string> = wish.manner === 'async' ? { prefer: 'respond-async' } : {};
          const answer = await this.ask(room, wish.method, wish.path, body, { 'idempotency-key': sent.key, ...prefer });
          this.accept(sent, room, answer);
        }
      });
    }
  }

  private async stream(sent: SentMessage, room: Room, method: string, path: string, body: unknown): Promise<void> {
    const watcher = this.newWatcher(room);
    const answer = await watcher.ask(method, path, body, { 'idempotency-key': sent.key });
    this.report.count(answer);
    if (answer.status !== 200) return this.allow(answer, sent.kind, sent.kind === 'send' ? [] : [404, 409]);
    if (!(await watcher.hasStarted())) return;
    const turnId = watcher.turnId!;
    sent.accepted.push({ turnId, reply: null });
    this.turns.set(turnId, { id: turnId, room });
    this.watchers.push({ watcher, turnId });
    const asked = watcher.first!.data.user_message;
    if (asked) this.messages.set(asked.id, { id: asked.id, room, role: 'user', words: asked.content });
  }

  private accept(sent: SentMessage, room: Room, answer: RawAnswer): void {
    if (answer.status !== 200 && answer.status !== 202) {
      return this.allow(answer, sent.kind, sent.kind === 'send' ? [] : [404, 409]);
    }
    const isOver = answer.status === 200;
    const body = JSON.parse(answer.text) as TurnAnswer & SendAnswer;
    const turnId = isOver ? body.turn_id : body.id;
    sent.accepted.push({ turnId, reply: isOver ? (body.assistant_message?.content ?? null) : null });
    this.turns.set(turnId, { id: turnId, room });
    for (const message of [body.user_message, body.assistant_message]) {
      if (!message) continue;
      this.messages.set(message.id, { id: message.id, room, role: message.role, words: sent.content });
    }
  }

  private see(turn: TurnAnswer): void {
    if (OVER.has(turn.status)) {
      this.report.seen.push({ turnId: turn.id, status: turn.status, reply: turn.assistant_message });
    }
  }

  private newWords(room: Room, directive: string): string {
    return `<c${room.id}> message ${(this.count += 1)} says what it says ${directive}`.trim();
  }

  private newWatcher({ owner }: Room): Watcher {
    return new Watcher({
      url: () => this.scene.fleet.apiUrls()[0]!,
      authorization: () => owner.authorization,
      report: this.report,
      timeoutMs: TIMEOUT_MS,
    });
  }

  private async ask(
    { owner }: Room,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RawAnswer> {
    const answer = await ask(method, `${this.scene.fleet.apiUrls()[0]}${path}`, {
      body,
      headers: { ...owner.authorization, ...headers },
      timeoutMs: TIMEOUT_MS,
    });
    this.report.count(answer);
    return answer;
  }

  private allow(answer: RawAnswer, what: string, statuses: readonly number[]): void {
    if (statuses.includes(answer.status)) return;
    this.report.wrongAnswers.push(`${what} answered ${answer.failure ?? answer.status}: ${answer.text.slice(0, 300)}`);
  }

  private inBackground(work: () => Promise<void>): void {
    const done = work().finally(() => this.underway.delete(done));
    this.underway.add(done);
  }

  /** What its worker has left open after a turn was ended from outside is closed within a heartbeat, unless that worker was killed. */
  private async untilLedgerIsClosed(): Promise<void> {
    const lastDeath = Math.max(0, ...this.scene.fleet.deaths);
    await this.scene.withSql((sql) =>
      eventually(async () => {
        const { rows } = await sql.query<{ open: string }>(
          `SELECT count(*) AS open FROM model_calls c JOIN turns t ON t.id = c.turn_id
             WHERE c.status = 'started' AND (t.status <> 'cancelled' OR c.started_at > to_timestamp($1 / 1000.0))`,
          [lastDeath],
        );
        return Number(rows[0]?.open) === 0 ? true : undefined;
      }, 'every attempt in the ledger is closed'),
    );
  }
}

/** One of the newest few: what was just made is more often touched again. */
const recent = <T>(items: readonly T[], choice: number): T | undefined =>
  items.at(-1 - (choice % Math.min(items.length, 6)));
