import type { SharedPersona } from '../../inbox/persistence/choices.repository';
import type { AnsweringCommand, CommandContext } from './channel-command';

/** Longer lists nobody reads. */
const MAX_LISTED = 30;

const plain = (text: string): string => text.trim().replaceAll(/\s+/gu, ' ').toLowerCase();
const shown = (text: string): string => `\`${text.replaceAll(/[`\s]+/gu, ' ').trim()}\``;

export const personaCommand: AnsweringCommand = {
  name: 'persona',
  usage: 'persona [name]',
  description: 'says who can answer you here, or makes one of them answer',
  takesText: true,

  async run(context) {
    const { access, choices, identityId, place, text } = context;
    const personas = await choices.personas(access.channel);
    if (text === '') return list(context, personas);
    const found = personas.find(({ name }) => plain(name) === plain(text));
    if (found === undefined) {
      return `There is nobody called ${shown(text.slice(0, 100))} here.\n\n${await list(context, personas)}`;
    }
    await choices.choose(identityId, place, found.id);
    return `From your next message on, ${shown(found.name)} answers you here.`;
  },
};

async function list(
  { access, choices, identityId, place }: CommandContext,
  personas: readonly SharedPersona[],
): Promise<string> {
  const current = (await choices.personaOf(identityId, place)) ?? access.channel.personaId;
  const lines = personas
    .slice(0, MAX_LISTED)
    .map(({ id, name }) => `- ${shown(name)}${id === current ? ' (answers you here)' : ''}`);
  if (personas.length > MAX_LISTED) lines.push(`- … and ${personas.length - MAX_LISTED} more`);
  return ['These can answer you here; choose one with `/ai persona <name>`:', '', ...lines].join('\n');
}
