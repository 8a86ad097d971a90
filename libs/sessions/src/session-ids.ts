import { createHash, randomBytes } from 'node:crypto';

/** 192 bits: whoever knows a support session's id may talk in it. */
const ID_BYTES = 24;
/** What an id looks like. */
export const SESSION_ID = /^[cs]s_[A-Za-z0-9_-]{32}$/;

/** Of a coaching session. */
export const newSessionId = (): string => `cs_${randomBytes(ID_BYTES).toString('base64url')}`;
/** Of a support session. */
export const newSecretSessionId = (): string => `ss_${randomBytes(ID_BYTES).toString('base64url')}`;
/** Whether it can be one at all. */
export const isSessionId = (id: string): boolean => SESSION_ID.test(id);
/** What is kept of a support session's id. Of a random secret a plain hash is enough. */
export const hashOfSessionId = (id: string): Buffer => createHash('sha256').update(id).digest();
