import type { ChannelAccess } from '../../core/channel-adapter';
import type { Choices } from '../../inbox/choices.service';

/** What a command has to work with. */
export interface CommandContext {
  access: ChannelAccess;
  /** Whoever has entered it: `channel_identities.id`. */
  identityId: number;
  /** The channel at Mattermost in which it was entered. */
  place: string;
  /** What follows the command's name. */
  text: string;
  choices: Choices;
}

interface Described {
  /** The first word after `/ai`, in lower-case letters. */
  readonly name: string;
  /** How it is entered, without `/ai`. */
  readonly usage: string;
  /** For `/ai help`, in a few words. */
  readonly description: string;
  /** Whether something may follow the name; when it may not, and something does, all of it is a question. */
  readonly takesText?: boolean;
}

/** Answers by itself, at once: it has less than two seconds. */
export interface AnsweringCommand extends Described {
  /** @returns what the person is told, in Markdown */
  run(context: CommandContext): Promise<string>;
}

/** Becomes a question to the model. */
export interface AskingCommand extends Described {
  readonly question: string;
  /** How many earlier posts the model gets with it, up to 100, whatever is usual in the channel. */
  readonly posts: number;
}

/** Something that can be entered as `/ai <name>`. */
export type ChannelCommand = AnsweringCommand | AskingCommand;

export const isAsking = (command: ChannelCommand): command is AskingCommand => 'question' in command;
