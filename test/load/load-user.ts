import { setTimeout as delay } from 'node:timers/promises';
import { Client, type TurnAnswer } from '../support/client';
import type { Latencies } from './latencies';

const POLL_MS = 100;
const POLL_DEADLINE_MS = 60_000;
/** Long enough for the request to be under way, too short for the slow reply that it waits for. */
const PATIENCE_MS = 150;
/** Then a new conversation begins, so that their lengths stay the same all the time. */
const SENDS_PER_CONVERSATION = 40;
const CONVERSATIONS = 3;

/** Faults of the upstream, each for the first attempt only, but for the last two: those end in a fallback reply. */
const UPSTREAM_FAULTS = [
  '500 times=1',
  '503 times=1',
  '429 retry-after=1 times=1',
  'cut after=1 times=1',
  'reset after=1 times=1',
  'reset-before-headers times=1',
  'error times=1',
  'html times=1',
  'quota',
  'context',
];

interface Conversation {
  id: number;
  sends: number;
  lastMessage: number;
}

/** One person with a few conversations, who does this and that. Every answer must be as expected. */
export class LoadUser {
  private readonly conversations: Conversation[] = [];
  private persona = 0;
  private count = 0;

  private constructor(
    private readonly client: Client,
    private readonly url: string,
    private readonly username: string,
    private readonly latencies: Latencies,
    private readonly now: () => number,
  ) {}

  static async create(url: string, index: number, latencies: Latencies, now: () => number): Promise<LoadUser> {
    const username = `load-${index}@example.com`;
    const user = new LoadUser(await Client.register(url, username), url, username, latencies, now);
    user.persona = await user.client.persona();
    for (let made = 0; made < CONVERSATIONS; made += 1) user.conversations.push(await user.begin());
    return user;
  }

  /** The n-th thing that this person does: a fixed mix, so that the load is the same at every time. */
  async act(n: number): Promise<void> {
    const actions: [string, () => Promise<void>][] = [
      ['send', () => this.send()],
      ['list messages', () => this.read(`/chat/conversations/${this.current(n).id}/messages?limit=20`)],
      ['send', () => this.send()],
      ['list conversations', () => this.read('/chat/conversations?limit=20')],
      ['send', () => this.send()],
      ['send and poll', () => this.sendAndPoll()],
      ['stats', () => this.read('/chat/stats')],
      ['send', () => this.send()],
      ['personas', () => this.changePersona(n)],
      ['send, then hang up', () => this.sendAndHangUp()],
      ['send', () => this.send()],
      ['me', () => this.read('/auth/me')],
      ['send, upstream fails', () => this.sendWithFault(n)],
      ['send', () => this.send()],
      ['refresh', () => this.refresh()],
      ['delete message', () => this.deleteMessage(n)],
      ['send', () => this.send()],
      ['health', () => this.read('/health')],
      ['refused', () => this.beRefused()],
      ['login', () => this.logInAgain()],
    ];
    const [name, action] = actions[n % actions.length]!;
    const startedAt = this.now();
    try {
      await action();
    } catch (error) {
      this.latencies.complain(`${name}: ${String(error)}`);
    }
    this.latencies.add(name, startedAt, this.now() - startedAt);
  }

  private current(n: number): Conversation {
    return this.conversations[n % this.conversations.length]!;
  }

  private async begin(): Promise<Conversation> {
    return { id: await this.client.conversation(this.persona), sends: 0, lastMessage: 0 };
  }

  /** Conversations take turns; a full one is erased and replaced. */
  private async next(): Promise<Conversation> {
    const index = (this.count += 1) % this.conversations.length;
    const conversation = this.conversations[index]!;
    if ((conversation.sends += 1) <= SENDS_PER_CONVERSATION) return conversation;
    await this.expect(204, 'DELETE', `/chat/conversations/${conversation.id}`);
    return (this.conversations[index] = await this.begin());
  }

  private async send(content = 'How are you today?'): Promise<void> {
    const conversation = await this.next();
    const { status, body } = await this.client.send(conversation.id, content);
    if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    conversation.lastMessage = body.user_message.id;
  }

  private async sendWithFault(n: number): Promise<void> {
    const fault = UPSTREAM_FAULTS[Math.floor(n / 20) % UPSTREAM_FAULTS.length]!;
    await this.send(`[[fake:${fault}]] ${this.username} ${n}`);
  }

  private async sendAndPoll(): Promise<void> {
    const { id } = await this.next();
    const sent = await this.client.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${id}/send`,
      { content: 'No hurry.' },
      { prefer: 'respond-async' },
    );
    if (sent.status !== 202) throw new Error(`answered ${sent.status}`);
    for (const end = performance.now() + POLL_DEADLINE_MS; ;) {
      const { status, body } = await this.client.request<TurnAnswer>('GET', `/chat/turns/${sent.body.id}`);
      if (status !== 200) throw new Error(`the turn answered ${status}`);
      if (body.status === 'completed') return;
      if (performance.now() > end) throw new Error(`the turn is still ${body.status}`);
      await delay(POLL_MS);
    }
  }

  /** Closes the connection while the reply is still awaited. The message is answered all the same. */
  private async sendAndHangUp(): Promise<void> {
    const { id } = await this.next();
    await fetch(`${this.url}/chat/conversations/${id}/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.client.token}` },
      body: JSON.stringify({ content: '[[fake:slow tokens=4 delay=150]]' }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).then(
      (response) => response.text(),
      () => undefined,
    );
  }

  private async changePersona(n: number): Promise<void> {
    const id = await this.client.persona({ name: `Persona ${n}` });
    await this.expect(200, 'PATCH', `/personas/${id}`, { description: `Changed ${n}` });
    await this.read(`/personas/${id}/versions`);
    await this.expect(204, 'DELETE', `/personas/${id}`);
    await this.read('/personas?limit=20');
  }

  private async deleteMessage(n: number): Promise<void> {
    const conversation = this.current(n);
    if (conversation.lastMessage === 0) return;
    await this.expect(204, 'DELETE', `/chat/messages/${conversation.lastMessage}`);
    conversation.lastMessage = 0;
  }

  private async refresh(): Promise<void> {
    const { status, body } = await this.client.request<{ access_token: string; refresh_token: string }>(
      'POST',
      '/auth/refresh',
      { refresh_token: this.client.refreshToken },
    );
    if (status !== 200) throw new Error(`answered ${status}`);
    this.client.token = body.access_token;
    this.client.refreshToken = body.refresh_token;
  }

  private async logInAgain(): Promise<void> {
    await this.expect(204, 'POST', '/auth/logout');
    const { status, body } = await this.client.request<{ access_token: string; refresh_token: string }>(
      'POST',
      '/auth/login',
      { username: this.username, password: 'password123' },
    );
    if (status !== 200) throw new Error(`answered ${status}`);
    this.client.token = body.access_token;
    this.client.refreshToken = body.refresh_token;
  }

  private async beRefused(): Promise<void> {
    await this.expect(404, 'GET', '/personas/999999999');
    await this.expect(422, 'POST', '/personas', { name: 1 });
    await this.expect(400, 'POST', '/personas', '{"broken');
  }

  private async read(path: string): Promise<void> {
    await this.expect(200, 'GET', path);
  }

  private async expect(expected: number, method: string, path: string, body?: unknown): Promise<void> {
    const { status } = await this.client.request(method, path, body);
    if (status !== expected) throw new Error(`${method} ${path} answered ${status}`);
  }
}
