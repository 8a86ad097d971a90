import { type Backend, type QueueBackend, startBackend } from './backends';
import { Client, type TurnAnswer } from './client';
import { EventReader } from './event-reader';
import { FakeOpenAI, type Scenario, scenarios } from './fake-openai';
import { type Parley, startParley } from './parley';
import { eventually } from './process';

/** A reply that is written slowly enough to be met in its middle. */
export const slowly = (tokens = 20, tokenDelayMs = 40): Scenario =>
  scenarios.reply(undefined, { tokens, tokenDelayMs });

/** An installation whose replies are read while they are written, by one user. */
export class StreamingWorld {
  private constructor(
    readonly upstream: FakeOpenAI,
    private readonly backend: Backend,
    readonly parley: Parley,
    readonly user: Client,
  ) {}

  static async start(backendName: QueueBackend): Promise<StreamingWorld> {
    const upstream = new FakeOpenAI();
    const baseUrl = await upstream.start();
    const backend = await startBackend(backendName);
    const parley = await startParley({
      ...backend.env,
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_TIMEOUT: '3000',
      MAX_STREAMS_PER_USER: '5',
    });
    return new StreamingWorld(upstream, backend, parley, await Client.register(() => parley.url));
  }

  async stop(): Promise<void> {
    await this.parley.stop();
    await this.backend.stop();
    await this.upstream.stop();
  }

  /** Says something, and reads along. */
  send(conversationId: number, content: string, url = this.parley.url): Promise<EventReader> {
    return EventReader.open(`${url}/chat/conversations/${conversationId}/send`, {
      method: 'POST',
      headers: { ...this.authorization(), 'content-type': 'application/json' },
      body: JSON.stringify({ content }),
    });
  }

  /** @param after number of the last event that is known */
  watch(turnId: number, after?: number, url = this.parley.url): Promise<EventReader> {
    return EventReader.open(`${url}/chat/turns/${turnId}/events`, {
      headers: { ...this.authorization(), ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
    });
  }

  /** Says something and does not wait. @returns the turn */
  async begin(conversationId: number, content: string): Promise<number> {
    const path = `/chat/conversations/${conversationId}/send`;
    const { body } = await this.user.request<TurnAnswer>('POST', path, { content }, { prefer: 'respond-async' });
    return body.id;
  }

  finished(turnId: number): Promise<TurnAnswer> {
    return eventually(async () => {
      const { body } = await this.user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`);
      return ['pending', 'running'].includes(body.status) ? undefined : body;
    }, 'the turn to end');
  }

  private authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.user.token}` };
  }
}
