import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
/** Lets secret scanners recognise a token that ended up somewhere it should not be. */
const PREFIX = 'prt_';

/** 256 random bits: unguessable, so a plain SHA-256 is enough to keep it in the database. */
export const newRefreshToken = (): string => PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');

/** What the database knows of a refresh token. */
export const hashRefreshToken = (token: string): Buffer => createHash('sha256').update(token).digest();
