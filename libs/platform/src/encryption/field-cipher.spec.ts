import type { AppConfig } from '../config';
import { FieldCipher } from './field-cipher';

const key = (id: string, byte: number): { id: string; key: Buffer } => ({ id, key: Buffer.alloc(32, byte) });
const cipherOf = (...keys: { id: string; key: Buffer }[]): FieldCipher =>
  new FieldCipher({ encryption: { keys } } as AppConfig);

describe('encryption of single values', () => {
  const cipher = cipherOf(key('k1', 1));

  it('gives back what was encrypted for the same place', () => {
    for (const text of ['', 'a', 'Grüße 👋', 'x'.repeat(100_000)]) {
      expect(cipher.decrypt(cipher.encrypt(text, 'messages/1'), 'messages/1')).toBe(text);
    }
  });

  it('never writes the same value the same way, nor anything of it in the clear', () => {
    const [a, b] = [cipher.encrypt('secret words', 'p'), cipher.encrypt('secret words', 'p')];
    expect(a).not.toBe(b);
    expect(a).not.toContain('secret');
  });

  it('does not open a value that was moved to another place', () => {
    const value = cipher.encrypt('hello', 'messages/1');
    expect(() => cipher.decrypt(value, 'messages/2')).toThrow('messages/2 does not hold what was encrypted for it.');
  });

  it('does not open a value that was changed, cut, or never encrypted', () => {
    const value = cipher.encrypt('hello', 'p');
    const last = value.at(-2) === 'A' ? 'B' : 'A';
    expect(() => cipher.decrypt(`${value.slice(0, -2)}${last}${value.at(-1)}`, 'p')).toThrow('does not hold');
    expect(() => cipher.decrypt('enc:k1:AAAA', 'p')).toThrow('is cut');
    expect(() => cipher.decrypt('hello', 'p')).toThrow('is not encrypted');
  });

  it('opens with every key of the ring, and encrypts with the first', () => {
    const both = cipherOf(key('k2', 2), key('k1', 1));
    expect(both.decrypt(cipher.encrypt('old', 'p'), 'p')).toBe('old');
    expect(both.keyIdOf(both.encrypt('new', 'p'))).toBe('k2');
    expect(() => cipher.decrypt(both.encrypt('new', 'p'), 'p')).toThrow('ENCRYPTION_KEYS lacks: k2');
  });

  it('finds by any key what was stored under one of them', () => {
    const both = cipherOf(key('k2', 2), key('k1', 1));
    expect(both.fingerprints('dana', 'visitor')).toContainEqual(cipher.fingerprints('dana', 'visitor')[0]);
    expect(cipher.fingerprints('dana', 'visitor')).not.toEqual(cipher.fingerprints('dana', 'other'));
  });
});
