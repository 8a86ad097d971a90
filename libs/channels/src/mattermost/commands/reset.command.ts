import type { AnsweringCommand } from './channel-command';

export const resetCommand: AnsweringCommand = {
  name: 'reset',
  usage: 'reset',
  description: 'begins anew: what was said here before is forgotten in my answers to you',

  async run({ choices, identityId, place }) {
    await choices.reset(identityId, place);
    return 'Done. I begin anew with you here: nothing that was said before goes into my answers to you.';
  },
};
