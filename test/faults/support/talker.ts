import { setTimeout as pause } from 'node:timers/promises';
import type { SendAnswer, TurnAnswer } from '../../support/client';
import { ask, type RawAnswer } from './http';
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

const isSuccess = ({ status }: RawAnswer): boolean => status >= 200 && status < 300;

/** One conversation, kept going as a careful client would: every message is repeated with the same Idempotency-Key until it is accepted. */
export class Talker {
  private count = 0;

  constructor(
    private readonly conversation: Conversation,
    private readonly urls: () => string[],
    private readonly random: Random,
    private readonly report: LoadReport,
    private readonly pace: Pace,
    private readonly deadline: AbortSignal,
    private readonly draw: (random: Random) => Misbehaviour = drawMisbehaviour,
  ) {}

  /** Talks until `signal` is aborted; a message that was begun is delivered all the same, until the deadline. */
  async talk(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.deliver(this.compose());
      if (this.random.chance(0.03)) await this.intrude();
      await pause(this.random.between(0, this.pace.thinkMs), undefined, { signal }).catch(() => undefined);
    }
  }

  private compose(): SentMessage {
    this.count += 1;
    const { directive, ends } = this.draw(this.random);
    const tag = `<c${this.conversation.id}>`;
    const content = `${tag} message ${this.count} of ${this.random.between(100_000, 999_999)} ${directive}`.trim();
    const message: SentMessage = {
      kind: 'send',
      conversationId: this.conversation.id,
      userId: this.conversation.owner.userId,
      content,
      key: `key-${this.conversation.id}-${this.count}`,
      ends,
      accepted: [],
    };
    this.report.sent.push(message);
    return message;
  }

  private async deliver(message: SentMessage): Promise<void> {
    const isAsync = this.random.chance(0.25);
    while (!this.deadline.aborted) {
      const answer = await this.send(message, isAsync);
      if (isSuccess(answer)) {
        const turnId = this.accept(message, answer);
        // Half of those who were told "later" ask until the reply is there; the others go on talking meanwhile.
        if (answer.status === 202 && this.random.chance(0.5)) await this.poll(turnId, message);
        return;
      }
      this.judge(answer, `send of "${message.content}"`);
      await pause(this.waitAfter(answer), undefined, { signal: this.deadline }).catch(() => undefined);
    }
  }

  private send(message: SentMessage, isAsync: boolean): Promise<RawAnswer> {
    return this.ask('POST', `/chat/conversations/${message.conversationId}/send`, {
      body: { content: message.content },
      headers: { 'idempotency-key': message.key, ...(isAsync ? { prefer: 'respond-async' } : {}) },
    });
  }

  private accept(message: SentMessage, answer: RawAnswer): number {
    if (answer.status === 202) {
      const turn = JSON.parse(answer.text) as TurnAnswer;
      message.accepted.push({ turnId: turn.id, reply: null });
      return turn.id;
    }
    const body = JSON.parse(answer.text) as SendAnswer;
    message.accepted.push({ turnId: body.turn_id, reply: body.assistant_message?.content ?? null });
    return body.turn_id;
  }

  private async poll(turnId: number, message: SentMessage): Promise<void> {
    while (!this.deadline.aborted) {
      const answer = await this.ask('GET', `/chat/turns/${turnId}`);
      if (answer.status === 200) {
        const turn = JSON.parse(answer.text) as TurnAnswer;
        if (turn.status !== 'pending' && turn.status !== 'running') {
          message.accepted.push({ turnId, reply: turn.assistant_message?.content ?? null });
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
