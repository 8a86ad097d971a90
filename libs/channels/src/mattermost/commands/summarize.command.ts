import type { AskingCommand } from './channel-command';

export const summarizeCommand: AskingCommand = {
  name: 'summarize',
  usage: 'summarize',
  description: 'sums up the latest posts of the channel, or of the thread',
  question:
    'Summarize the earlier posts of this channel or thread that you were given: what was talked about, what was decided, and what is open, with the names of those ' +
    'who said so. If you were given no posts, say that there is nothing to summarize.',
  posts: 100,
};
