import { setTimeout as pause } from 'node:timers/promises';
import type { SendAnswer, TurnAnswer } from '../../support/client';
import { ask, type RawAnswer } from './http';
import { Watcher } from './watcher';
import { drawMisbehaviour, type Misbehaviour } from './misbehaviour';
import type { Person } from './person';
import type { Random } from './random';
import type { LoadReport, SentMessage } from './load-report';

export interface Conversation {
  id: number;
  owner: Person;
  /** A conversation of somebody else, which must stay closed to this one's owner. */
  foreignId: number;
}

export interface Pace {
  /** Longest pause between two messages, in milliseconds. */
  thinkMs: number;
  /** A client gives up waiting for an answer after this, in milliseconds, and asks again. */
  timeoutMs: number;
}

interface AskOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

const LONGEST_WAIT_MS = 2000;

/** How often a message is followed by a change, and how often a reply is streamed. */
export interface Habits {
  streams: number;
  cancels: number;
  regenerates: number;
  edits: number;
}

/** What people do who look at their replies. */
export const HABITS: Habits = { streams: 0.4, cancels: 0.08, regenerates: 0.08, edits: 0.08 };

/** A request that makes a turn. */
interface Wish {
  message: SentMessage;
  method: string;
  path: string;
}

const isSuccess = ({ status }: RawAnswer): boolean => status >= 200 && status < 300;

/** One conversation, kept going as a careful client would: every message is repeated with the same Idempotency-Key until it is accepted. */
export class Talker {
  private count = 0;
  /** The newest message whose id this client knows. */
  private newest: { messageId: number; message: SentMessage } | undefined;
  private readonly readingAlong: Promise<void>[] = [];

  constructor(
    private readonly conversation: Conversation,
    private readonly urls: () => string[],
    private readonly random: Random,
    private readonly report: LoadReport,
    private readonly pace: Pace,
    private readonly deadline: AbortSignal,
    private readonly draw: (random: Random) => Misbehaviour = drawMisbehaviour,
    private readonly habits: Habits = { streams: 0, cancels: 0, regenerates: 0, edits: 0 },
  ) {}

  /** Talks until `signal` is aborted; a message that was begun is delivered all the same, until the deadline. */
  async talk(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { directive, ends } = this.draw(this.random);
      await this.deliver({
        message: this.compose('send', directive, ends),
        method: 'POST',
        path: `/chat/conversations/${this.conversation.id}/send`,
      });
      await this.changeSomething();
      if (this.random.chance(0.03)) await this.intrude();
      await pause(this.random.between(0, this.pace.thinkMs), undefined, { signal }).catch(() => undefined);
    }
    // However the dice fell: at least one reply is stopped in the middle of its text.
    if (this.habits.cancels > 0) {
      const message = this.compose('send', '[[fake:reply delay=250]]', 'completed');
      const path = `/chat/conversations/${this.conversation.id}/send`;
      await this.deliver({ message, method: 'POST', path }, true);
    }
    await Promise.all(this.readingAlong);
  }

  private compose(
    kind: SentMessage['kind'],
    directive: string,
    ends: SentMessage['ends'],
    words?: string,
  ): SentMessage {
    this.count += 1;
    const tag = `<c${this.conversation.id}>`;
    const fresh = `${tag} message ${this.count} of ${this.random.between(100_000, 999_999)} ${directive}`.trim();
    const message: SentMessage = {
      kind,
      conversationId: this.conversation.id,
      userId: this.conversation.owner.userId,
      content: words ?? fresh,
      key: `key-${this.conversation.id}-${this.count}`,
      ends,
      accepted: [],
    };
    this.report.sent.push(message);
    return message;
  }

  /** Another reply to the newest message, or the newest message in other words. */
  private async changeSomething(): Promise<void> {
    const { newest } = this;
    if (newest === undefined) return;
    if (this.random.chance(this.habits.regenerates)) {
      const { content, ends } = newest.message;
      const message = this.compose('regenerate', '', ends, content);
      await this.deliver({ message, method: 'POST', path: `/chat/messages/${newest.messageId}/regenerate` });
    } else if (this.random.chance(this.habits.edits)) {
      const { directive, ends } = this.draw(this.random);
      const message = this.compose('edit', directive, ends);
      await this.deliver({ message, method: 'PUT', path: `/chat/messages/${newest.messageId}` });
    }
  }

  private async deliver(wish: Wish, isStopped = false): Promise<void> {
    const { message } = wish;
    const isStreamed = isStopped || this.random.chance(this.habits.streams);
    const isAsync = this.random.chance(0.25);
    while (!this.deadline.aborted) {
      const answer = await (isStreamed ? this.stream(wish, isStopped) : this.request(wish, isAsync));
      if (answer === 'delivered') return;
      if (isSuccess(answer)) {
        const turnId = this.accept(message, answer);
        if (this.random.chance(this.habits.cancels)) await this.cancel(turnId);
        // Half of those who were told "later" ask until the reply is there; the others go on talking meanwhile.
        if (answer.status === 202 && this.random.chance(0.5)) await this.poll(turnId, message);
        return;
      }
      // What is to be changed may be answered just now, or was said in other words meanwhile.
      if (answer.status === 409 && message.kind !== 'send') return;
      this.judge(answer, `${message.kind} of "${message.content}"`);
      await pause(this.waitAfter(answer), undefined, { signal: this.deadline }).catch(() => undefined);
    }
  }

  private request({ message, method, path }: Wish, isAsync: boolean): Promise<RawAnswer> {
    return this.ask(method, path, {
      ...(message.kind === 'regenerate' ? {} : { body: { content: message.content } }),
      headers: { 'idempotency-key': message.key, ...(isAsync ? { prefer: 'respond-async' } : {}) },
    });
  }

  /** Reads along, goes away now and then, comes back. The rest is read while the talk goes on. */
  private async stream({ message, method, path }: Wish, isStopped: boolean): Promise<RawAnswer | 'delivered'> {
    const watcher = new Watcher({
      url: () => this.random.pick(this.urls()),
      authorization: () => this.conversation.owner.authorization,
      report: this.report,
      timeoutMs: this.pace.timeoutMs,
    });
    const body = message.kind === 'regenerate' ? undefined : { content: message.content };
    const answer = await watcher.ask(method, path, body, { 'idempotency-key': message.key });
    this.report.count(answer);
    if (answer.status === 401) await this.conversation.owner.logIn(this.deadline);
    if (answer.status === 401) return { ...answer, status: 0 };
    if (answer.status !== 200) return answer;
    // Cut off before the first event: asked again with the same key, the answer is the same turn.
    if (!(await watcher.hasStarted())) return { ...answer, status: 0 };
    const turnId = watcher.turnId!;
    message.accepted.push({ turnId, reply: null });
    const asked = watcher.first!.data.user_message;
    if (asked) this.newest = { messageId: asked.id, message };
    if (isStopped) await watcher.hasText();
    if (isStopped || this.random.chance(this.habits.cancels)) await this.cancel(turnId);
    if (this.random.chance(0.3)) watcher.disconnect();
    const reading = watcher.follow(turnId, this.deadline, () => this.conversation.owner.logIn(this.deadline));
    if (this.random.chance(0.5)) await reading;
    else this.readingAlong.push(reading);
    return 'delivered';
  }

  private async cancel(turnId: number): Promise<void> {
    this.report.cancelAsked.push(turnId);
    const answer = await this.ask('POST', `/chat/turns/${turnId}/cancel`);
    if (answer.status === 200) this.see(JSON.parse(answer.text) as TurnAnswer);
    else if (answer.status !== 202) this.judge(answer, `cancel of turn ${turnId}`);
  }

  private see({ id, status, assistant_message: reply }: TurnAnswer): void {
    if (status !== 'pending' && status !== 'running') this.report.seen.push({ turnId: id, status, reply });
  }

  private accept(message: SentMessage, answer: RawAnswer): number {
    if (answer.status === 202) {
      const turn = JSON.parse(answer.text) as TurnAnswer;
      message.accepted.push({ turnId: turn.id, reply: null });
      if (turn.user_message !== null) this.newest = { messageId: turn.user_message.id, message };
      return turn.id;
    }
    const body = JSON.parse(answer.text) as SendAnswer;
    message.accepted.push({ turnId: body.turn_id, reply: body.assistant_message?.content ?? null });
    this.newest = { messageId: body.user_message.id, message };
    return body.turn_id;
  }

  private async poll(turnId: number, message: SentMessage): Promise<void> {
    while (!this.deadline.aborted) {
      const answer = await this.ask('GET', `/chat/turns/${turnId}`);
      if (answer.status === 200) {
        const turn = JSON.parse(answer.text) as TurnAnswer;
        if (turn.status !== 'pending' && turn.status !== 'running') {
          message.accepted.push({ turnId, reply: turn.assistant_message?.content ?? null });
          this.see(turn);
          return;
        }
      } else {
        this.judge(answer, `poll of turn ${turnId}`);
      }
      await pause(200, undefined, { signal: this.deadline }).catch(() => undefined);
    }
  }

  /** Tries to read and to write what belongs to somebody else. */
  private async intrude(): Promise<void> {
    const path = `/chat/conversations/${this.conversation.foreignId}`;
    const answers = [
      await this.ask('GET', `${path}/messages`),
      await this.ask('POST', `${path}/send`, { body: { content: `intruder <c${this.conversation.id}>` } }),
    ];
    for (const answer of answers) {
      if (answer.status === 403 || answer.status === 404) this.report.refusedIntrusions += 1;
      else if (isSuccess(answer)) this.report.intrusions.push(`${path} answered ${answer.status}`);
      else this.judge(answer, `intrusion into ${path}`);
    }
  }

  private async ask(method: string, path: string, options: AskOptions = {}): Promise<RawAnswer> {
    const answer = await this.askOnce(method, path, options);
    if (answer.status !== 401) return answer;
    await this.conversation.owner.logIn(this.deadline);
    return this.askOnce(method, path, options);
  }

  private async askOnce(method: string, path: string, { body, headers }: AskOptions): Promise<RawAnswer> {
    const url = this.random.pick(this.urls());
    const answer = await ask(method, `${url}${path}`, {
      body,
      headers: { ...this.conversation.owner.authorization, ...headers },
      timeoutMs: this.pace.timeoutMs,
    });
    this.report.count(answer);
    return answer;
  }

  /** Anything but "no connection" and "not now, later" is a fault of ours. */
  private judge(answer: RawAnswer, what: string): void {
    if (answer.status === 0) return;
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
    const saysWhen = answer.headers.get('retry-after') !== null;
    if ((answer.status === 503 || answer.status === 429) && isProblem && saysWhen) return;
    this.report.wrongAnswers.push(`${what} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  }

  private waitAfter(answer: RawAnswer): number {
    const asked = Number(answer.headers.get('retry-after') ?? 0) * 1000;
    return asked > 0 ? Math.min(asked, LONGEST_WAIT_MS) : this.random.between(50, 300);
  }
}
