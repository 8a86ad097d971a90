import { LoadReport } from './load-report';
import type { Misbehaviour } from './misbehaviour';
import { Person } from './person';
import type { Random } from './random';
import { type Conversation, type Habits, type Pace, Talker } from './talker';

export interface LoadOptions {
  users: number;
  conversationsPerUser: number;
  pace: Pace;
  draw?: (random: Random) => Misbehaviour;
  /** Default: they only send. */
  habits?: Habits;
}

/** Messages that were begun when the load was stopped are still delivered, at most this long. */
const DELIVERY_DEADLINE_MS = 120_000;

/** Many people, each with several conversations, who all talk at once. */
export class Load {
  readonly report = new LoadReport();
  private readonly stopping = new AbortController();
  private readonly deadline = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly conversations: Conversation[],
    private readonly talkers: (report: LoadReport, deadline: AbortSignal) => Talker[],
  ) {}

  /** Registers everybody. Each has a persona of their own that bears their name. */
  static async prepare(urls: () => string[], random: Random, options: LoadOptions): Promise<Load> {
    const conversations: Conversation[] = [];
    for (let user = 0; user < options.users; user++) {
      const owner = await Person.register(urls, random.fork(`person ${user}`));
      const persona = await owner.client.persona({ name: personaNameOf(owner.userId) });
      for (let index = 0; index < options.conversationsPerUser; index++) {
        conversations.push({ id: await owner.client.conversation(persona), owner, foreignId: 0 });
      }
    }
    for (const [index, conversation] of conversations.entries()) {
      conversation.foreignId = conversations[(index + options.conversationsPerUser) % conversations.length]!.id;
    }
    return new Load(conversations, (report, deadline) =>
      conversations.map(
        (conversation) =>
          new Talker(
            conversation,
            urls,
            random.fork(`talker ${conversation.id}`),
            report,
            options.pace,
            deadline,
            options.draw,
            options.habits,
          ),
      ),
    );
  }

  /** Ids of the conversations of this load. */
  get conversationIds(): Set<number> {
    return new Set(this.conversations.map(({ id }) => id));
  }

  start(): void {
    const talkers = this.talkers(this.report, this.deadline.signal);
    this.running = Promise.all(talkers.map((talker) => talker.talk(this.stopping.signal)));
  }

  /** Stops composing messages and waits until those that were begun are delivered. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const timer = setTimeout(() => this.deadline.abort(), DELIVERY_DEADLINE_MS);
    await this.running;
    clearTimeout(timer);
  }
}

/** Shows in the prompt whose persona it is. */
export const personaNameOf = (userId: number): string => `Persona of user ${userId}.`;
