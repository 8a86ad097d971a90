import type {
  EscalationChanged,
  EscalationJoined,
  EscalationLeft,
  FollowedTarget,
} from '../generated/socket-events.js';
import { ParleyError } from '../http/parley-error.js';
import type { ChatEvents, JoinEscalationOptions } from './chat-events.js';
import { type Ask, Followed } from './followed.js';

/** The conversation of an escalation, as a person of the team follows it. What you say goes through `POST /escalations/{id}/replies`. */
export class EscalationChat extends Followed {
  /** As it was told last; undefined before the first join. `resolved` and `returned` are the end: nothing more comes. */
  status: EscalationJoined['status'] | undefined;

  constructor(
    readonly options: JoinEscalationOptions,
    ask: Ask,
    left: () => void,
  ) {
    super(options.lastSeq, ask, left);
  }

  async leave(): Promise<void> {
    this.close(new ParleyError({ code: 'CLIENT.LEFT', detail: 'The escalation was left.' }));
    await this.ask('leave-escalation', this.target).catch(() => undefined);
  }

  /** @internal */
  async enter(): Promise<void> {
    const answer = await this.ask('join-escalation', { ...this.target, ...this.place });
    this.status = answer.status;
    await this.entered(answer);
    const { escalationId, conversationId, status } = answer;
    // Not when the connection broke before all of it had come: then it is joined again.
    if (this.isJoined && (status === 'resolved' || status === 'returned')) {
      this.shown('left', { escalationId, conversationId, reason: status });
    }
  }

  /** @internal */
  isAbout({ escalationId }: FollowedTarget): boolean {
    return escalationId === this.options.escalationId;
  }

  /** @internal */
  override shown<Name extends keyof ChatEvents>(name: Name, payload: ChatEvents[Name]): void {
    if (name === 'changed') this.status = (payload as EscalationChanged).status;
    if (name === 'left') this.ended(payload as EscalationLeft);
    super.shown(name, payload);
  }

  private ended({ reason }: EscalationLeft): void {
    if (reason !== 'unavailable') this.status = reason;
    this.close(new ParleyError({ code: 'CLIENT.LEFT', detail: 'The escalation is not followed any more.' }));
  }

  protected get target(): { escalationId: number } {
    return { escalationId: this.options.escalationId };
  }
}
