import type { EndingTurn, HandOffDecision } from '@app/contracts';
import {
  type BegunTurn,
  ConversationDelivery,
  type FinishResult,
  type Outcome,
  TurnHandOff,
  TurnWorkService,
} from '@app/conversations';
import { Database, isDatabaseUnavailable } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

/** What came of a turn, as far as it matters to whether people take over. */
export type Ended = Pick<EndingTurn, 'reply' | 'confidence' | 'needsHuman' | 'errorCode'>;

/** How a turn has ended; `recorded` is the decision that people take over when it was written down with that, and is to be told. */
export interface EndedTurn {
  finish: FinishResult;
  recorded: HandOffDecision | null;
}

/** As wide as the column. */
const MAX_REASON_LENGTH = 40;

/** Ends turns, and hands their conversations over to people where that is decided: both in one transaction, or neither. */
@Injectable()
export class TurnEndings {
  constructor(
    private readonly turns: TurnWorkService,
    private readonly handOff: TurnHandOff,
    private readonly delivery: ConversationDelivery,
    private readonly database: Database,
    private readonly logger: PinoLogger,
  ) {}

  /** Before a model is asked: true when people have the conversation now, and the turn has ended. Costs nothing where nobody has asked for that. */
  async takeFirst(turn: BegunTurn): Promise<boolean> {
    try {
      return await this.handOff.takeFirst({ ...turn, said: turn.content });
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      // Should people have it all the same, what the model says is not stored.
      this.complain(turn, error, 'people could not be asked to answer first; the AI goes on');
      return false;
    }
  }

  /** Null when the AI goes on. Costs nothing where nobody has switched escalations on. */
  async decide(turn: BegunTurn, ended: Ended): Promise<HandOffDecision | null> {
    if (!this.handOff.isActive(turn)) return null;
    const { turnId, attempt, conversationId, workspaceId, userId, personaId, channel, isEncrypted, userSeq } = turn;
    const whose = { turnId, attempt, conversationId, workspaceId, userId, personaId, channel, isEncrypted, userSeq };
    try {
      return await this.handOff.decide({ ...whose, said: saidIn(turn), ...ended });
    } catch (error) {
      // Asked again when the database is back; whatever else is wrong with the rules must not cost the reply.
      if (isDatabaseUnavailable(error)) throw error;
      this.complain(turn, error, 'it could not be decided whether people take over; the AI goes on');
      return null;
    }
  }

  /** @param besides issues what else is written with it, all at once: after the turn has ended, in the same transaction */
  async end(
    turn: BegunTurn,
    token: number,
    outcome: Outcome,
    decision: HandOffDecision | null,
    besides: () => Promise<unknown>[],
  ): Promise<EndedTurn> {
    const also = (): Promise<unknown>[] => [...besides(), ...this.noteDelivery(turn)];
    if (decision !== null) {
      try {
        return await this.endWith(decision, turn, token, outcome, also);
      } catch (error) {
        if (isDatabaseUnavailable(error)) throw error;
        this.complain(turn, error, 'people could not be asked to take over; the AI goes on');
      }
    }
    const [finish] = await this.database.transactionAtOnce(() =>
      Promise.all([this.turns.finish(turn, token, outcome), ...also()]),
    );
    return { finish, recorded: null };
  }

  /** To be called after the commit: tells who waits. */
  announce(turn: BegunTurn, status: Outcome['status'], recorded: HandOffDecision | null): void {
    this.turns.announce(turn, status);
    if (this.delivery.carries(turn.channel)) this.delivery.wake(turn.conversationId);
    if (recorded !== null) void this.tell(turn, recorded);
  }

  /** What is told is written down: who does not hear of it finds it. */
  private async tell(turn: BegunTurn, decision: HandOffDecision): Promise<void> {
    try {
      await decision.announce?.();
    } catch (error) {
      this.complain(turn, error, 'it was not told that people are to take over');
    }
  }

  /** What is said here is carried elsewhere: that is not forgotten, whatever happens to this process. */
  private noteDelivery({ channel, conversationId }: BegunTurn): Promise<unknown>[] {
    return this.delivery.carries(channel) ? [this.delivery.note(conversationId)] : [];
  }

  private async endWith(
    decision: HandOffDecision,
    turn: BegunTurn,
    token: number,
    outcome: Outcome,
    besides: () => Promise<unknown>[],
  ): Promise<EndedTurn> {
    const escalationReason = decision.reason.slice(0, MAX_REASON_LENGTH);
    return this.database.transaction(async () => {
      const [finish] = await Promise.all([
        this.turns.finish(turn, token, { ...outcome, escalationReason }),
        ...besides(),
      ]);
      // Who has stopped an answer has not got it, and goes on by himself.
      if (finish === 'not-ours' || finish.status === 'cancelled') return { finish, recorded: null };
      await decision.record();
      return { finish, recorded: decision };
    });
  }

  private complain({ conversationId, turnId }: BegunTurn, error: unknown, message: string): void {
    this.logger.error({ err: error, conversation_id: conversationId, turn_id: turnId }, message);
  }
}

/** The message, and what was said just before it and is answered together with it: messages in quick succession stand one after the other, without a reply. */
export function saidIn({ history, userSeq, content }: Pick<BegunTurn, 'history' | 'userSeq' | 'content'>): string {
  const said = [content];
  for (const { userSeq: seq, user, reply } of history.toReversed()) {
    if (reply !== null || seq !== userSeq - said.length) break;
    said.unshift(user ?? '');
  }
  return said.filter((text) => text !== '').join('\n');
}
