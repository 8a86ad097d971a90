import { Database, EventsBus } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ConversationDelivery } from './conversation-delivery';
import { conversationNotFound, idempotencyMismatch } from './conversations.errors';
import { MessageIntakeService } from './message-intake.service';
import { isConversationGone, LeasesRepository } from './persistence/leases.repository';
import {
  type OwnedConversation,
  OwnershipRepository,
  type StoredTeamMessage,
  type TeamMessage,
} from './persistence/ownership.repository';
import { type CancelledTurn, TurnChangesRepository } from './persistence/turn-changes.repository';
import { RequestHashes } from './request-hashes';
import { TurnHandOff } from './turn-hand-off';

/** What a person of the team says, or a notice (`authorId` null). */
export interface SaidByTeam {
  conversationId: number;
  authorId: number | null;
  /** 1 to 32,000 characters. */
  content: string;
  isEncrypted: boolean;
  /** The person has it already: somebody of the team wrote it in another program. Whoever answers here, it is stored, and carried nowhere. */
  isFromElsewhere?: boolean;
  /** Of a person: the same one with the same content makes no second message. */
  idempotencyKey?: string | null;
}

const MAX_CARRIED = 20_000;

/** `isReplay`: the author has said it before, with the same key. */
export type SaidMessage = StoredTeamMessage & { isReplay: boolean };

/**
 * Who answers in a conversation: models, or people. While people have it nothing is asked of a model: messages are stored as handed off; a reply that is
 * being written when they take it is not stored, whatever its worker does, and its call is closed in the ledger.
 */
@Injectable()
export class ConversationOwnership {
  /** Conversations whose door carries messages elsewhere, of those in which the team has said something. */
  private readonly carried = new Set<number>();

  constructor(
    private readonly database: Database,
    private readonly leases: LeasesRepository,
    private readonly ownership: OwnershipRepository,
    private readonly changes: TurnChangesRepository,
    private readonly intake: MessageIntakeService,
    private readonly delivery: ConversationDelivery,
    private readonly handOff: TurnHandOff,
    private readonly hashes: RequestHashes,
    private readonly events: EventsBus,
  ) {}

  /**
   * People take the conversation, and `work` is done in the same transaction: when it throws, nothing has happened. Not inside another transaction: what
   * ends is told when this one is committed.
   * @throws 404 CONVERSATION.NOT_FOUND
   */
  async handOver<T>(conversationId: number, work: (conversation: OwnedConversation) => Promise<T>): Promise<T> {
    const { ended, result, channel } = await this.underLock(conversationId, async () => {
      // First the lease: a reply is committed under it. It was committed before, and counts, or finds that it is not its worker's any more.
      await this.leases.revoke(conversationId);
      const conversation = await this.ownership.giveToPeople(conversationId);
      if (conversation === undefined) throw conversationNotFound(conversationId);
      // By a statement of its own: a message that came while the one above waited is seen by this one only.
      const ended = await this.changes.handOffOpenTurns(conversationId);
      return { ended, result: await work(conversation), channel: conversation.channel };
    });
    this.announce(conversationId, ended);
    if (this.delivery.carries(channel)) await this.delivery.settled(conversationId);
    return result;
  }

  /** The same inside the transaction that ends a turn, which holds the lease; `turnId` is that turn. @returns what else has ended, for {@link announce} */
  async handOverWith(conversationId: number): Promise<CancelledTurn[]> {
    await this.ownership.giveToPeople(conversationId);
    return this.changes.handOffOpenTurns(conversationId);
  }

  /** Inside a transaction that has the turn: with which reason people were asked to take over; null: nobody was asked. */
  async giveReason(turnId: number, reason: string | null): Promise<void> {
    await this.ownership.giveReason(turnId, reason);
  }

  /** Models answer again, from the next message on. What was said before is not told to them. `work` as with {@link handOver}, before the change. */
  async giveBack<T>(conversationId: number, work: () => Promise<T>): Promise<T> {
    const result = await this.underLock(conversationId, async () => {
      const done = await work();
      if ((await this.ownership.giveToModels(conversationId)) === undefined) throw conversationNotFound(conversationId);
      return done;
    });
    this.intake.wake(conversationId);
    return result;
  }

  /**
   * Stores what the team says, inside a transaction; call {@link told} after the commit, but not for a replay. Undefined when models answer in the
   * conversation (notices always can be stored, and what was stored before is found again).
   * @throws 422 IDEMPOTENCY.MISMATCH
   */
  async say({ authorId, idempotencyKey = null, ...said }: SaidByTeam): Promise<SaidMessage | undefined> {
    const role = authorId === null && said.isFromElsewhere !== true ? ('system' as const) : ('agent' as const);
    const message = { ...said, authorId, role };
    if (authorId === null || idempotencyKey === null) return this.append(message);
    const requestHash = this.hashes.of(said.content, said.isEncrypted);
    const before = await this.ownership.findByKey(said.conversationId, authorId, idempotencyKey);
    if (before === undefined) {
      return this.append({ ...message, key: { idempotencyKey, requestHash: requestHash.stored } });
    }
    if (!requestHash.isOf(before)) throw idempotencyMismatch();
    return { messageId: before.messageId, seq: before.seq, channel: before.channel, isReplay: true };
  }

  private async append(message: TeamMessage): Promise<SaidMessage | undefined> {
    const stored = await this.ownership.append(message);
    if (stored === undefined) return undefined;
    if (message.isFromElsewhere === true) {
      await this.handOff.saidElsewhere(message.conversationId);
    } else if (this.delivery.carries(stored.channel)) {
      await this.delivery.note(message.conversationId);
      if (this.carried.size >= MAX_CARRIED) this.carried.clear();
      this.carried.add(message.conversationId);
    }
    return { ...stored, isReplay: false };
  }

  /** Whoever follows the conversation hears of a message of the team. */
  told(conversationId: number, messageId: number): void {
    this.events.publish({ type: 'conversation.message', conversationId, messageId });
    if (this.carried.has(conversationId)) this.delivery.wake(conversationId);
  }

  /** Workers stop writing, and whoever waits for an answer is told that people give it. */
  announce(conversationId: number, ended: readonly CancelledTurn[]): void {
    for (const { id: turnId, wasRunning } of ended) {
      if (wasRunning) this.events.publish({ type: 'turn.cancel-requested', turnId });
      this.events.publish({ type: 'turn.finished', turnId, conversationId, status: 'handed_off' });
    }
  }

  private async underLock<T>(conversationId: number, work: () => Promise<T>): Promise<T> {
    return this.database
      .transaction(async () => {
        await this.leases.lock(conversationId);
        return work();
      })
      .catch((error: unknown) => {
        // It went while this waited for the lock.
        throw isConversationGone(error) ? conversationNotFound(conversationId) : error;
      });
  }
}
