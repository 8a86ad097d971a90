import { isNote } from '../../prompt';

/** One message of the conversation, as a request carried it. */
export interface SimulatedMessage {
  role: string;
  content: string;
}

const NOTE = '(Simulated answer: no OpenAI key is set, so the local simulator wrote this.)';

/**
 * Writes an answer in the persona's voice. Deterministic: the same request gets the same answer. It shows what matters when
 * trying the product out: which persona speaks, that the message arrived, and that earlier messages are in its context.
 */
export function simulatedAnswer(instructions: string, messages: readonly SimulatedMessage[]): string {
  const persona = valueOf(instructions, 'YOU ARE') ?? 'your assistant';
  const role = valueOf(instructions, 'YOUR ROLE');
  const relationship = valueOf(instructions, 'RELATIONSHIP')?.toLowerCase() ?? '';
  const client = valueOf(instructions, 'Client');
  const asUser = messages.filter((message) => message.role === 'user').map((message) => message.content);
  const current = asUser.at(-1) ?? '';
  // What the program notes stands in front of what the person says, who may repeat it.
  const earlier = asUser.slice(0, -1).filter((content) => !isNote(content));
  const personName = nameIn([...earlier, current]) ?? client;
  const sentences = [
    `${greeting(relationship, personName)} ${persona} here.`,
    reaction(current, { persona, role, relationship, personName, earlier }),
    context(earlier),
    NOTE,
  ];
  return sentences.filter(Boolean).join(' ');
}

/** Asks for a person, in a few words of a few languages. */
const WANTS_PERSON =
  /\b(?:human|real person|(?:an?|live|support) agent|representative|somebody real|mensch|mitarbeiter(?:in)?|persona real|agente|humain|conseiller)\b/i;
/** It only gives the question back. */
const HAS_NO_FACTS = /\?\s*$/;

/** How sure the simulator is of what it wrote, and whether a person is needed. It is not sure of answers to questions, as it knows nothing. */
export function simulatedVerdict(messages: readonly SimulatedMessage[]): { confidence: number; needs_human: boolean } {
  const current = messages.filter(({ role }) => role === 'user').at(-1)?.content ?? '';
  const needsHuman = WANTS_PERSON.test(current);
  return { confidence: needsHuman ? 0.3 : HAS_NO_FACTS.test(current) ? 0.6 : 0.9, needs_human: needsHuman };
}

interface Situation {
  persona: string;
  role: string | null;
  relationship: string;
  personName: string | null;
  earlier: string[];
}

function greeting(relationship: string, name: string | null): string {
  const to = name ? ` ${name}` : '';
  if (relationship === 'colleague') return `Hello${to},`;
  if (relationship === 'parent') return `Hello${to || ' dear'},`;
  if (relationship === 'spouse') return `Hi${to || ' love'},`;
  return `Hi${to},`;
}

function reaction(current: string, situation: Situation): string {
  const { persona, role, personName, earlier } = situation;
  const text = current.toLowerCase();
  if (/\bwhat(?:'s| is) my name\b|\bwho am i\b/.test(text)) {
    return personName ? `Your name is ${personName}.` : "You haven't told me your name yet.";
  }
  if (/\bwho are you\b|\bwhat(?:'s| is) your name\b|\bwhat do you do\b/.test(text)) {
    return role ? `I am ${persona}: ${short(role)}` : `I am ${persona}.`;
  }
  if (/\bwhat did i (?:say|write|tell|ask)\b|\bremember\b.*\?/.test(text)) {
    return earlier.length > 0
      ? `You wrote ${quote(earlier.at(-1) ?? '')} just before this.`
      : 'This is the first thing you wrote.';
  }
  if (/\bmy name is\b|\bcall me\b/.test(text)) return "Nice to meet you, I'll remember that.";
  if (/^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening))\b/.test(text) && text.length < 80) {
    return `Good to hear from you! You wrote ${quote(current)}. What would you like to talk about?`;
  }
  if (/\bthank(?:s| you)\b/.test(text)) return "You're welcome! Is there anything else I can do for you?";
  if (text.trim().endsWith('?')) {
    return `You asked ${quote(current)}. A good first step is to say what you have tried so far and what you would like to reach.`;
  }
  return `You wrote ${quote(current)}. Tell me more about it, and what would help you most.`;
}

function context(earlier: string[]): string {
  if (earlier.length === 0) return 'This is the first message of our conversation.';
  return `This is message number ${earlier.length + 1} from you that I can see; the first one was ${quote(earlier[0] ?? '')}.`;
}

/** The value of a "KEY: value" line of the system prompt. */
function valueOf(instructions: string, key: string): string | null {
  return new RegExp(`^${key}: (.+)$`, 'm').exec(instructions)?.[1]?.trim() || null;
}

function nameIn(messages: string[]): string | null {
  for (const message of [...messages].reverse()) {
    const found = /\b(?:my name is|call me)\s+(\p{L}[\p{L}'-]{0,40})/iu.exec(message);
    if (found?.[1]) return found[1];
  }
  return null;
}

function quote(text: string): string {
  return `"${short(text)}"`;
}

function short(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length > 160 ? `${characters.slice(0, 160).join('').trimEnd()}…` : characters.join('');
}
