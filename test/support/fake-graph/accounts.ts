import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A number or an Instagram account that the fake knows. */
export interface FakeAccount {
  channel: 'whatsapp' | 'instagram';
  /** phone_number_id, or the id of the Instagram account as hooks name it. */
  id: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  /** As people see it: a phone number, or a username. */
  display: string;
  /** What of Instagram is sent to the app. */
  subscribedFields: string[];
}

/** A file that people sent, or null: gone. */
export interface FakeMedia {
  id: string;
  content: Buffer;
  contentType: string;
  sha256: string;
}

/** A new number, with names and secrets of its own. */
export function aWhatsAppNumber(change: Partial<FakeAccount> = {}): FakeAccount {
  return {
    channel: 'whatsapp',
    id: digits(15),
    accessToken: `EAA${randomBytes(12).toString('hex')}`,
    appSecret: randomBytes(16).toString('hex'),
    verifyToken: randomBytes(8).toString('hex'),
    display: '+1 555-010-0199',
    subscribedFields: [],
    ...change,
  };
}

/** A new Instagram account, likewise. */
export function anInstagramAccount(change: Partial<FakeAccount> = {}): FakeAccount {
  return {
    ...aWhatsAppNumber(),
    channel: 'instagram',
    id: `1784${digits(13)}`,
    accessToken: `IGAA${randomBytes(12).toString('hex')}`,
    display: 'parley_shop',
    subscribedFields: ['messages'],
    ...change,
  };
}

/** `appsecret_proof` of a token. @see https://developers.facebook.com/docs/graph-api/guides/secure-requests/ */
export function proofOf(account: FakeAccount): string {
  return createHmac('sha256', account.appSecret).update(account.accessToken).digest('hex');
}

export function aMedia(content: Buffer, contentType: string): FakeMedia {
  return { id: digits(16), content, contentType, sha256: createHash('sha256').update(content).digest('hex') };
}

function digits(count: number): string {
  return `1${randomBytes(count).join('')}`.slice(0, count);
}
