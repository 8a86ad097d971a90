import { ellipsize, singleLine } from '@app/kernel';
import { relationshipBehaviours, type RelationshipType } from '../relationship';
import { DEFAULT_PROMPT_TEMPLATE } from './default-prompt-template';
import { DEFAULT_SYSTEM_INSTRUCTIONS } from './default-system-instructions';

export interface PersonaIdea {
  name: string;
  description?: string;
  relationshipType: RelationshipType;
  /** Words or short phrases, like "patient". */
  traits: string[];
  /** A name or tag, like "German" or "de". */
  language?: string;
}

export interface GeneratedPersona {
  description: string;
  systemInstructions: string;
  promptTemplate: string;
}

/** The bound of a persona's description. */
const MAX_DESCRIPTION = 2000;

/** Writes the texts of a persona from a few words about it. The same idea always gives the same texts; no model is asked. */
export function generatePersona(idea: PersonaIdea): GeneratedPersona {
  return {
    description: describe(idea),
    systemInstructions: instruct(idea),
    promptTemplate: template(idea),
  };
}

function describe({ name, description, relationshipType, traits }: PersonaIdea): string {
  const own = description?.trim() ?? '';
  const sentences = [own === '' ? introduction(name, relationshipType) : own];
  if (traits.length > 0) sentences.push(`${singleLine(name)} is ${listed(traits)}.`);
  return ellipsize(sentences.join(' '), MAX_DESCRIPTION);
}

function introduction(name: string, type: RelationshipType): string {
  const { label, behaviours } = relationshipBehaviours(type);
  const role = type === 'other' ? 'someone to talk to' : `a ${label.toLowerCase()} to the user`;
  return `${singleLine(name)} is ${role}. ${behaviours.join('. ')}.`;
}

function instruct({ language }: PersonaIdea): string {
  if (language === undefined) return DEFAULT_SYSTEM_INSTRUCTIONS;
  const line = `LANGUAGE\n- Talk ${singleLine(language)}, also when the user's message is in another language, unless the user asks you to change.`;
  // Takes the place of the default's line about language: two rules that contradict each other make a coin toss.
  const rest = DEFAULT_SYSTEM_INSTRUCTIONS.replace(', in the language of that message,', '');
  return `${rest}\n\n${line}`;
}

function template({ name, relationshipType, traits }: PersonaIdea): string {
  const { behaviours } = relationshipBehaviours(relationshipType);
  const lines = [
    `How ${singleLine(name)} comes across:`,
    ...behaviours.map((behaviour) => `- ${behaviour}`),
    ...(traits.length > 0 ? [`- Shows these traits without naming them: ${listed(traits)}`] : []),
  ];
  return `${lines.join('\n')}\n\n${DEFAULT_PROMPT_TEMPLATE}`;
}

function listed(words: string[]): string {
  const clean = words.map(singleLine);
  const last = clean.at(-1) ?? '';
  return clean.length < 2 ? last : `${clean.slice(0, -1).join(', ')} and ${last}`;
}
