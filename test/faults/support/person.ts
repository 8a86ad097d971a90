import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../../support/client';
import { ask } from './http';
import type { Random } from './random';

const PASSWORD = 'password123';
const TIMEOUT_MS = 12_000;
const RETRY_MS = 200;

/** Somebody with an account. Access tokens last 15 minutes at most and a long run takes longer, so they log in again. */
export class Person {
  private loggingIn: Promise<void> | undefined;

  private constructor(
    readonly client: Client,
    private readonly username: string,
    private readonly urls: () => string[],
    private readonly random: Random,
  ) {}

  static async register(urls: () => string[], random: Random): Promise<Person> {
    const username = `person-${random.between(0, 2 ** 31)}-${process.pid}-${(Client.count += 1)}@example.com`;
    return new Person(await Client.register(() => urls()[0]!, username), username, urls, random);
  }

  get userId(): number {
    return this.client.userId;
  }

  get authorization(): { authorization: string } {
    return { authorization: `Bearer ${this.client.token}` };
  }

  /** Gets a new access token; several conversations of one person that find the old one expired log in once. */
  async logIn(deadline: AbortSignal): Promise<void> {
    this.loggingIn ??= this.tryToLogIn(deadline).finally(() => (this.loggingIn = undefined));
    await this.loggingIn;
  }

  private async tryToLogIn(deadline: AbortSignal): Promise<void> {
    while (!deadline.aborted) {
      const answer = await ask('POST', `${this.random.pick(this.urls())}/auth/login`, {
        body: { username: this.username, password: PASSWORD },
        timeoutMs: TIMEOUT_MS,
      });
      if (answer.status === 200) {
        this.client.token = (JSON.parse(answer.text) as { access_token: string }).access_token;
        return;
      }
      await pause(RETRY_MS, undefined, { signal: deadline }).catch(() => undefined);
    }
  }
}
