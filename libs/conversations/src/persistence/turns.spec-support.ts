import { conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import type { AttemptEndingsRepository } from './attempt-endings.repository';
import { LeasesRepository } from './leases.repository';
import { TurnChangesRepository } from './turn-changes.repository';
import type { AcceptedMessage, NewUserMessage, TurnsRepository } from './turns.repository';
import type { TurnWorkRepository } from './turn-work.repository';

export const LEASE_MS = 60_000;
/** So many turns of history go along. */
export const HISTORY = 10;
/** How an attempt ends that is the last thing to do in its conversation. */
export const RELEASED = { status: 'completed', isReleased: true };

/** What somebody says; `more` says what of it is different. */
export const aMessage = (
  { conversationId, userId }: { conversationId: number; userId: number },
  content: string,
  more: Partial<NewUserMessage> = {},
): NewUserMessage => ({
  conversationId,
  userId,
  content,
  title: content,
  idempotencyKey: null,
  requestHash: null,
  correlationId: null,
  maxPendingTurns: 100,
  ...more,
});

/** A database of its own, and all that changes turns in it. */
export class TurnTables {
  readonly turns: TurnsRepository;
  readonly work: TurnWorkRepository;
  readonly endings: AttemptEndingsRepository;
  readonly leases: LeasesRepository;
  readonly changes: TurnChangesRepository;

  private constructor(readonly db: TestDatabase) {
    ({ turns: this.turns, work: this.work, endings: this.endings } = conversationRepositories(db.database));
    this.leases = new LeasesRepository(db.database);
    this.changes = new TurnChangesRepository(db.database);
  }

  static async open(): Promise<TurnTables> {
    return new TurnTables(await testDatabase());
  }

  say(
    conversation: { conversationId: number; userId: number },
    content: string,
    more: Partial<NewUserMessage> = {},
  ): Promise<AcceptedMessage | undefined> {
    return this.turns.accept(aMessage(conversation, content, more));
  }

  /** The lease alone, for tests that begin turns themselves. @returns its token */
  async acquire(conversationId: number, owner = 'w'): Promise<number> {
    const [row] = await this.db.database.query<{ token: number }>(
      `INSERT INTO conversation_leases AS l (conversation_id, owner, token, expires_at) VALUES ($1, $2, 1, now() + interval '60 seconds')
       ON CONFLICT (conversation_id) DO UPDATE SET owner = $2, token = l.token + 1, expires_at = excluded.expires_at WHERE l.expires_at < now()
       RETURNING token`,
      [conversationId, owner],
    );
    return row!.token;
  }

  async expireLease(conversationId: number): Promise<void> {
    await this.db.database.query(
      `UPDATE conversation_leases SET expires_at = now() - interval '1 second' WHERE conversation_id = $1`,
      [conversationId],
    );
  }
}
