import { randomInt } from 'node:crypto';

/** The alphabet of Mattermost's ids (model.NewId, a base32 of its own). */
const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** 26 lower-case letters and digits: ids and tokens alike. */
export function newId(): string {
  return Array.from({ length: 26 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
