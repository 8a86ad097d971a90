import { PasswordHasher } from './password-hasher';

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher();

  it('makes argon2id hashes with the parameters that OWASP names', async () => {
    const hash = await hasher.hash('password123');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('accepts the right password and no other', async () => {
    const hash = await hasher.hash('correct horse');
    await expect(hasher.verify(hash, 'correct horse')).resolves.toBe(true);
    await expect(hasher.verify(hash, 'Correct horse')).resolves.toBe(false);
  });

  it('takes the same password in another Unicode form', async () => {
    const hash = await hasher.hash('Caf\u00e9 am See');
    await expect(hasher.verify(hash, 'Cafe\u0301 am See')).resolves.toBe(true);
  });

  it('says no without a hash, whatever the password', async () => {
    await expect(hasher.verify(undefined, 'password123')).resolves.toBe(false);
  });

  it('does the work of a real check for an unknown user', async () => {
    const hash = await hasher.hash('password123');
    await hasher.verify(undefined, 'warm');
    const cpuOf = async (stored: string | undefined): Promise<number> => {
      const before = process.cpuUsage();
      for (let round = 0; round < 5; round += 1) await hasher.verify(stored, 'wrong password');
      return process.cpuUsage(before).user;
    };
    const [known, unknown] = [await cpuOf(hash), await cpuOf(undefined)];
    // Without the decoy an unknown user would cost next to nothing; the bound leaves room for a noisy machine.
    expect(unknown).toBeGreaterThan(known / 3);
  });
});
