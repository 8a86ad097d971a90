import { en, type Texts } from './en';

/** Where the texts of the other languages are, relative to the backend; the build puts it in. English comes along. */
declare const TEXT_FILES: Record<string, string>;

export interface Language {
  /** As in `lang`, such as `de`. */
  code: string;
  direction: 'ltr' | 'rtl';
  /** For times, such as `de-AT`. */
  locale: string;
  texts: Texts;
}

const RIGHT_TO_LEFT = new Set(['ar']);
/** Better English than nothing: so long are the texts waited for, in milliseconds. */
const WAIT_MS = 4_000;

/** The first of the wanted languages that there is; else English. @param wanted such as `['de-AT', 'en']` */
export function codeOf(wanted: readonly (string | null | undefined)[], known: readonly string[]): string {
  const codes = wanted.map((tag) => tag?.split('-')[0]?.toLowerCase() ?? '');
  return codes.find((code) => code === 'en' || known.includes(code)) ?? 'en';
}

/** The wanted variety of the language: how times are written differs among them. */
function localeOf(code: string, wanted: readonly (string | null | undefined)[]): string {
  const tags = wanted.filter((each) => each?.split('-')[0]?.toLowerCase() === code);
  // A page says `en`, and its visitor's browser which English.
  const tag = tags.find((each) => each?.includes('-')) ?? tags[0];
  try {
    return Intl.getCanonicalLocales(tag ?? code)[0] ?? code;
  } catch {
    return code;
  }
}

/** @param baseUrl where the backend is, without a slash at the end */
export async function languageOf(wanted: readonly (string | null | undefined)[], baseUrl: string): Promise<Language> {
  const code = codeOf(wanted, Object.keys(TEXT_FILES));
  const english: Language = { code: 'en', direction: 'ltr', locale: localeOf('en', wanted), texts: en };
  const file = TEXT_FILES[code];
  if (file === undefined) return english;
  try {
    const answer = await fetch(`${baseUrl}/${file}`, { signal: AbortSignal.timeout(WAIT_MS), credentials: 'omit' });
    if (!answer.ok) return english;
    const texts = { ...en, ...((await answer.json()) as Partial<Texts>) };
    const direction = RIGHT_TO_LEFT.has(code) ? 'rtl' : 'ltr';
    return { code, direction, locale: localeOf(code, wanted), texts };
  } catch {
    return english;
  }
}

export const withNumber = (text: string, n: number): string => text.replace('{n}', String(n));
