/** What the placeholders of a provider's address stand for. */
export interface Asking {
  /** What the person has asked. */
  text: string;
  /** Their name in the other system. */
  user: string;
  /** The other system's id of the place. */
  channel: string;
}

/** Longer questions are cut: servers refuse addresses of more than some thousand characters. */
const MAX_VALUE = 500;
const PLACEHOLDER = /\{(text|user|channel)\}/g;

/** The address with what it stands for, encoded. Null when what was filled in would make it another server's. */
export function filledUrl(template: string, asking: Asking): URL | null {
  const url = template.replace(PLACEHOLDER, (_all, name: keyof Asking) => encoded(asking[name]));
  const plain = template.replace(PLACEHOLDER, 'x');
  if (!URL.canParse(url) || !URL.canParse(plain)) return null;
  const filled = new URL(url);
  return filled.origin === new URL(plain).origin && filled.username === '' && filled.password === '' ? filled : null;
}

/** A value that is nothing but dots would lead out of its folder. */
function encoded(value: string): string {
  const text = [...value.toWellFormed().trim()].slice(0, MAX_VALUE).join('');
  return /^\.+$/.test(text) ? '' : encodeURIComponent(text);
}
