import type { Span } from './span';

/** SWIFT's IBAN registry, release 99: how many letters and digits a country's IBANs have. */
const LENGTHS = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27
  GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19
  MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24
  TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

const BEGINNING = /(?<![A-Za-z0-9])[A-Za-z]{2} ?\d{2}(?=[ .-]{0,2}[A-Za-z0-9])/g;
const LETTER_OR_DIGIT = /[A-Za-z0-9]/;
const SEPARATOR = /[ .-]/;

/** IBANs whose length and check digits are right, with or without single separators. At most 34 characters are read per beginning. */
export function findIbans(text: string): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: beginning } of text.matchAll(BEGINNING)) {
    const length = LENGTHS.get(beginning.slice(0, 2).toUpperCase());
    const end = length === undefined ? null : endOfIban(text, index, length);
    if (end !== null) spans.push({ type: 'iban', start: index, end });
  }
  return spans;
}

function endOfIban(text: string, start: number, length: number): number | null {
  let characters = '';
  let end = start;
  while (characters.length < length) {
    const character = text[end] ?? '';
    if (LETTER_OR_DIGIT.test(character)) characters += character;
    else if (!SEPARATOR.test(character) || !LETTER_OR_DIGIT.test(text[end + 1] ?? '')) return null;
    end += 1;
  }
  return LETTER_OR_DIGIT.test(text[end] ?? '') || !isChecked(characters.toUpperCase()) ? null : end;
}

/** ISO 7064, mod 97-10. */
function isChecked(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
