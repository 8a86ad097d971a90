import { type ChannelCommand, isAsking } from './channel-command';
import { helpCommand } from './help.command';
import { personaCommand } from './persona.command';
import { resetCommand } from './reset.command';
import { summarizeCommand } from './summarize.command';

export { type AnsweringCommand, type AskingCommand, type ChannelCommand, isAsking } from './channel-command';

/** In the order of `/ai help`. A further command is one file, and one line here. */
export const COMMANDS: readonly ChannelCommand[] = [
  helpCommand(() => COMMANDS),
  summarizeCommand,
  personaCommand,
  resetCommand,
];

/** A command, and what follows its name. */
export interface GivenCommand {
  command: ChannelCommand;
  text: string;
}

/** The command that a text is; null: it is a question. An empty one asks for help. */
export function commandIn(text: string): GivenCommand | null {
  const [, first = '', rest = ''] = /^\s*(\S*)\s*([\s\S]*?)\s*$/.exec(text) ?? [];
  const name = first === '' ? 'help' : first.toLowerCase();
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined || (rest !== '' && command.takesText !== true)) return null;
  return { command, text: rest };
}

/** How many earlier posts a question wants that a command has made; null when it is one of a person's own. */
export const postsAskedFor = (question: string): number | null =>
  COMMANDS.filter(isAsking).find((command) => command.question === question)?.posts ?? null;
