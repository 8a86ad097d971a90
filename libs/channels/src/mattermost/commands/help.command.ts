import type { AnsweringCommand, ChannelCommand } from './channel-command';

const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

/** @param all the commands that there are, this one included */
export const helpCommand = (all: () => readonly ChannelCommand[]): AnsweringCommand => ({
  name: 'help',
  usage: 'help',
  description: 'says this',

  run({ access }) {
    const { triggers } = access.channel.settings;
    const beginnings = triggers.slice(0, 5).map(code).join(' or ');
    const lines = all().map(({ usage, description }) => `- ${code(`/ai ${usage}`)} ${description}`);
    return Promise.resolve(
      [
        `Ask me with ${code('/ai <your question>')}, in a direct message, or by mentioning me` +
          `${beginnings === '' ? '.' : `, or with a post that begins with ${beginnings}.`}` +
          ' I answer in the thread, and read what was written there before.',
        '',
        ...lines,
      ].join('\n'),
    );
  },
});
