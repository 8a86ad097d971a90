import { type ContextSubject, NO_CONTEXT, type TurnContext, type TurnContextPort } from '@app/contracts';
import { within } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

/** Longer nobody waits for it, whatever deadlines the port has. */
const DEADLINE_MS = 20_000;

/** The place at which what is around a conversation comes into its answers. Who knows it registers here; until then nobody does. */
@Injectable()
export class TurnSurroundings {
  private port: TurnContextPort | undefined;

  constructor(private readonly logger: PinoLogger) {}

  use(port: TurnContextPort): void {
    if (this.port !== undefined) throw new Error('Two libraries want to tell what is around a conversation; one can.');
    this.port = port;
  }

  /** From memory. */
  has(channel: string): boolean {
    return this.port?.has(channel) ?? false;
  }

  /** An answer without it is better than none: this never rejects. */
  async of(subject: ContextSubject, signal: AbortSignal): Promise<TurnContext> {
    if (this.port?.has(subject.channel) !== true) return NO_CONTEXT;
    try {
      return await within(this.port.of(subject, signal), DEADLINE_MS);
    } catch (error) {
      this.logger.warn(
        { conversation_id: subject.conversationId, turn_id: subject.turnId, err: error },
        'what is around the conversation could not be had; answering without it',
      );
      return NO_CONTEXT;
    }
  }
}
