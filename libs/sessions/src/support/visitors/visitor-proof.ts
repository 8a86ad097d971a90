import { createHmac, timingSafeEqual } from 'node:crypto';
import { identityInvalid } from '../support.errors';

/** What a website sends to say who its visitor is. */
export interface VisitorClaim {
  userId?: string;
  userHash?: string;
  userToken?: string;
}

/** A visitor whom the host site vouches for. */
export interface ProvenVisitor {
  /** The host site's id of them. */
  userId: string;
  name?: string;
  email?: string;
}

const HOUR_SECONDS = 3600;
/** A stolen token is good for no longer than this. */
const MAX_TOKEN_AGE_SECONDS = 24 * HOUR_SECONDS;
/** Clocks of two machines differ. */
const TOLERANCE_SECONDS = 60;
/** No token begins with it: the hash of an id, which visitors may have chosen, must never be the signature of a token. */
const HASHED_BEFORE = 'user:';
export const MAX_USER_ID_LENGTH = 255;
const MAX_NAME_LENGTH = 200;
const MAX_EMAIL_LENGTH = 320;

/**
 * @param secret the door's identity secret; null when it has none
 * @param nowSeconds since 1970
 * @returns undefined when nothing is to be proven: then `userId` is only what the page calls its visitor
 * @throws 401 SUPPORT.IDENTITY_INVALID
 */
export function proveVisitor(
  claim: VisitorClaim,
  secret: string | null,
  nowSeconds: number = Date.now() / 1000,
): ProvenVisitor | undefined {
  const { userId, userHash, userToken } = claim;
  if (userHash === undefined && userToken === undefined) return undefined;
  if (secret === null) {
    throw identityInvalid('This support chat has no identity secret yet, so nobody can be vouched for.');
  }
  if (userToken !== undefined) {
    const proven = readToken(userToken, secret, nowSeconds);
    if (userId !== undefined && userId !== proven.userId) {
      throw identityInvalid('userId: is not the sub of userToken.');
    }
    return proven;
  }
  if (userId === undefined) throw identityInvalid('userHash: proves a userId, and there is none.');
  const expected = createHmac('sha256', secret).update(`${HASHED_BEFORE}${userId}`).digest();
  if (!isSame(expected, Buffer.from(userHash!, 'hex'))) {
    throw identityInvalid(
      `userHash: is not the HMAC-SHA256 of "${HASHED_BEFORE}" and userId with the identity secret of this support chat, in hexadecimal.`,
    );
  }
  return { userId };
}

/** JSON Web Tokens with HS256 (RFC 7515, RFC 7519), and nothing else of that family: what is not supported cannot be confused. */
function readToken(token: string, secret: string, now: number): ProvenVisitor {
  const [header, payload, signature, ...rest] = token.split('.');
  const wrong = identityInvalid(
    'userToken: is not a JSON Web Token that the identity secret of this support chat signed.',
  );
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) throw wrong;
  const { alg } = decoded(header) ?? {};
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const claims = decoded(payload);
  if (alg !== 'HS256' || !isSame(expected, Buffer.from(signature, 'base64url')) || claims === undefined) throw wrong;
  checkTimes(claims, now);
  const { sub, name, email } = claims;
  const userId = typeof sub === 'number' ? String(sub) : sub;
  if (typeof userId !== 'string' || userId.length < 1 || userId.length > MAX_USER_ID_LENGTH || !isStorable(userId)) {
    throw identityInvalid(`userToken: needs the claim sub, 1 to ${MAX_USER_ID_LENGTH} characters.`);
  }
  return {
    userId,
    name: optionalText(name, 'name', MAX_NAME_LENGTH),
    email: optionalText(email, 'email', MAX_EMAIL_LENGTH),
  };
}

function checkTimes({ exp, nbf }: Record<string, unknown>, now: number): void {
  if (typeof exp !== 'number') throw identityInvalid('userToken: needs the claim exp.');
  if (exp + TOLERANCE_SECONDS < now) throw identityInvalid('userToken: has expired. Ask the host site for a new one.');
  if (exp > now + MAX_TOKEN_AGE_SECONDS + TOLERANCE_SECONDS) {
    throw identityInvalid('userToken: exp must be at most 24 hours away.');
  }
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now + TOLERANCE_SECONDS)) {
    throw identityInvalid('userToken: does not count yet (nbf).');
  }
}

function optionalText(value: unknown, claim: string, maxLength: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= maxLength && isStorable(value)) return value;
  throw identityInvalid(`userToken: the claim ${claim} must be a text of at most ${maxLength} characters.`);
}

/** What PostgreSQL and UTF-8 can hold. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

const isSame = (expected: Buffer, given: Buffer): boolean =>
  expected.length === given.length && timingSafeEqual(expected, given);

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
