/**
 * Requests are generated before the ids that they need exist, so they carry placeholders, `@@kind:whose:n@@`. What stands for them is looked up
 * when the request is sent. `n` counts from the newest.
 */
export const KINDS = [
  'persona',
  'conversation',
  'message',
  'turn',
  'workspace',
  'user',
  'budget',
  'experiment',
  'client',
  'escalation',
  'webhook',
  'channel',
  'delivery',
] as const;
export type Kind = (typeof KINDS)[number];
export type TextKind = 'cursor' | 'refresh_token' | 'username' | 'upload' | 'session' | 'support_session';
export type Whose = 'own' | 'foreign' | 'gone';

export const placeholder = (kind: Kind | TextKind, whose: Whose, n: number): string => `@@${kind}:${whose}:${n}@@`;

const NUMBERS = new RegExp(`"?@@(${KINDS.join('|')}):(own|foreign|gone):(\\d+)@@"?`, 'g');
const TEXTS = /@@(cursor|refresh_token|username|upload|session|support_session):(own|foreign|gone):(\d+)@@/g;

/** Puts in what `find` says. In JSON the quotes around a number go with the placeholder. */
export function fillIn(
  text: string,
  find: (kind: Kind | TextKind, whose: Whose, n: number) => number | string,
): string {
  const look = (_match: string, kind: Kind | TextKind, whose: Whose, n: string): string =>
    String(find(kind, whose, Number(n)));
  return text.replace(NUMBERS, look).replace(TEXTS, look);
}

/** Whether a text names something of somebody else. */
export const isForeign = (text: string): boolean => /@@\w+:foreign:\d+@@/.test(text);
