import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { tooManyPasswordChecks } from '../auth.errors';
import { ConcurrencyLimit } from './concurrency-limit';

/** Argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet. The package's default algorithm is argon2id. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of Node's four pool threads one stays free for file and name look-ups; so hashing never takes more than 3 × 19 MiB. */
const HASHES_AT_ONCE = Math.min(3, availableParallelism());
/** About 5 seconds of work on two cores (190 checks per second measured); whoever comes later is better told to come back. */
const MAX_WAITING = 1000;

/** NIST SP 800-63B: one normal form, so that the same password typed on another keyboard is the same password. */
const normalised = (password: string): string => password.normalize('NFKC');

/** Turns passwords into hashes and checks them, a few at a time. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly limit = new ConcurrencyLimit(HASHES_AT_ONCE, MAX_WAITING, tooManyPasswordChecks);
  private decoy: Promise<string> | undefined;

  async onModuleInit(): Promise<void> {
    await this.decoyHash();
  }

  /** @throws 503 AUTH.BUSY when too many wait already */
  hash(password: string): Promise<string> {
    return this.limit.run(() => hash(normalised(password), ARGON2ID));
  }

  /** Without a hash (no such user) it does the same work and answers false, so that time does not tell which users exist. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const against = passwordHash ?? (await this.decoyHash());
    const matches = await this.limit.run(() => verify(against, normalised(password)));
    return matches && passwordHash !== undefined;
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= hash(randomBytes(32), ARGON2ID);
    return this.decoy;
  }
}
