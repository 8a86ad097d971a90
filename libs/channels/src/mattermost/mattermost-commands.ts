import { Injectable } from '@nestjs/common';
import type { ChannelAccess } from '../core/channel-adapter';
import type { EnteredCommand } from './entered-command';

/** What the person alone sees at once. */
export const ephemeral = (text: string): object => ({ response_type: 'ephemeral', text });

/** What is entered with the slash command: some is answered at once, the rest is a question for the model. */
@Injectable()
export class MattermostCommands {
  /** Whether a model is to answer. */
  isQuestion(text: string): boolean {
    return text !== '';
  }

  /** Must not throw, and be there within two seconds. */
  answer(_access: ChannelAccess, _entered: EnteredCommand): Promise<object | undefined> {
    return Promise.resolve(ephemeral('On it…'));
  }
}
