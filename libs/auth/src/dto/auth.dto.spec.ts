import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { RegisterDto } from './auth.dto';

const VALID = { username: 'user@example.com', password: 'password123' };

async function wrongFields(body: Record<string, unknown>): Promise<string[]> {
  return (await validate(plainToInstance(RegisterDto, { ...VALID, ...body }))).map((error) => error.property);
}

describe('RegisterDto', () => {
  it.each([
    ['eight characters', '12345678'],
    ['128 characters', 'x'.repeat(128)],
    ['128 emojis, which are 256 UTF-16 units', '😀'.repeat(128)],
  ])('takes a password of %s', async (_what, password) => {
    await expect(wrongFields({ password })).resolves.toEqual([]);
  });

  it.each([
    ['seven characters', '1234567'],
    ['four emojis, which are 8 UTF-16 units', '😀😀😀😀'],
    ['129 characters', 'x'.repeat(129)],
    ['no text', 12_345_678],
    ['nothing', undefined],
  ])('refuses a password of %s', async (_what, password) => {
    await expect(wrongFields({ password })).resolves.toEqual(['password']);
  });

  it.each([
    '',
    'user',
    'user@',
    '@example.com',
    'a b@example.com',
    `${'a'.repeat(250)}@example.com`,
    null,
    ['a@example.com'],
  ])('refuses %j as a username', async (username) => {
    await expect(wrongFields({ username })).resolves.toEqual(['username']);
  });

  it('takes an e-mail address in any case as the same one', () => {
    expect(plainToInstance(RegisterDto, { ...VALID, username: ' User@Example.COM ' }).username).toBe(
      'user@example.com',
    );
  });

  it('refuses a name of white space only, and takes one on one line', async () => {
    await expect(wrongFields({ name: ' \n ' })).resolves.toEqual(['name']);
    expect(plainToInstance(RegisterDto, { ...VALID, name: ' Sam\nRivera ' }).name).toBe('Sam Rivera');
  });
});
