import type { BeginningTurn, EndingTurn, HandOffDecision, HandOffPort } from '@app/contracts';
import { Injectable } from '@nestjs/common';

/** Whose turn it is, and through which door it came. */
export type HandOffSubject = Pick<EndingTurn, 'workspaceId' | 'personaId' | 'channel'>;

/** The place at which it is decided whether people take over from the AI. Who knows about that registers here; until then nobody does. */
@Injectable()
export class TurnHandOff {
  private port: HandOffPort | undefined;

  use(port: HandOffPort): void {
    if (this.port !== undefined) throw new Error('Two libraries want to hand conversations over; one can.');
    this.port = port;
  }

  /** Whether the model is to say how sure it is, and whether a person is needed. From memory. */
  wantsVerdict({ workspaceId, personaId, channel }: HandOffSubject): boolean {
    return this.port?.wantsVerdict(workspaceId, personaId, channel) ?? false;
  }

  /** False where nobody has switched escalations on: then `decide` is not to be asked. From memory. */
  isActive({ workspaceId, personaId, channel }: HandOffSubject): boolean {
    return this.port?.isActive(workspaceId, personaId, channel) ?? false;
  }

  /** Before a model is asked: true when people have the conversation now, and the turn has ended. Costs nothing where nobody has asked for that. */
  async takeFirst(turn: BeginningTurn): Promise<boolean> {
    const { workspaceId, personaId, channel } = turn;
    return this.port?.mayTakeFirst(workspaceId, personaId, channel) === true && this.port.takeFirst(turn);
  }

  /** Whether the conversation waits for people of the team, or one of them has claimed it. */
  async isOpen(conversationId: number): Promise<boolean> {
    return (await this.port?.isOpen(conversationId)) ?? false;
  }

  /** Inside a transaction: somebody of the team has told the person something from another program. */
  async saidElsewhere(conversationId: number): Promise<void> {
    await this.port?.saidElsewhere(conversationId);
  }

  /** Null when the AI goes on. */
  async decide(turn: EndingTurn): Promise<HandOffDecision | null> {
    return this.port === undefined ? null : this.port.decide(turn);
  }
}
