import type { HookEvents, InboundEvent, Sender } from '../core/channel-adapter';
import { byAccount, entriesIn, someAccounts, type Told } from '../meta/hook-events';
import { hashId, idIn, type Json, numberIn, recordIn, recordsIn, textIn, timeIn } from '../meta/json';
import { contentOf } from './whatsapp-content';

/** The callback data of a message is our outbox row behind this. */
const OWN_ID = /^parley:(\d{1,15})$/;

export const callbackDataOf = (outboxId: number): string => `parley:${outboxId}`;

const STATUSES = { sent: 'sent', delivered: 'delivered', read: 'read', played: 'read', failed: 'failed' } as const;

/** Entries that are no messages of a person's, although they come as such. */
const NEVER_ANSWERED = new Set(['system', 'reaction', 'edit', 'revoke', 'request_welcome', 'message_history']);

/** Kinds of system messages that tell of new ids. */
const MOVES = new Set(['user_changed_number', 'customer_changed_number', 'user_changed_user_id']);

/**
 * Every message, status and echo of every entry, by the number that each is for.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */
export const parseWhatsAppHook = (body: unknown): HookEvents[] => byAccount(toldIn(body));

/** The numbers that a hook is for, without a look at what it tells them. */
export const numbersIn = (body: unknown): string[] => someAccounts(changesIn(body));

function* changesIn(body: unknown): Generator<{ accountId: string; value: Json; change: Json }> {
  for (const entry of entriesIn(body)) {
    for (const change of recordsIn(entry, 'changes')) {
      const value = recordIn(change, 'value');
      const accountId = idIn(recordIn(value, 'metadata'), 'phone_number_id');
      if (value !== null && accountId !== null) yield { accountId, value, change };
    }
  }
}

function* toldIn(body: unknown): Generator<Told> {
  for (const { accountId, value, change } of changesIn(body)) {
    for (const event of eventsOf(value, textIn(change, 'field', 60) ?? 'unknown')) yield { accountId, event };
  }
}

function* eventsOf(value: Json, field: string): Generator<InboundEvent> {
  const messages = recordsIn(value, 'messages');
  const echoes = recordsIn(value, 'message_echoes');
  const statuses = recordsIn(value, 'statuses');
  const updates = recordsIn(value, 'user_id_update');
  if (messages.length + echoes.length + statuses.length + updates.length === 0) {
    yield { kind: 'other', externalId: hashId(field, value), sender: null, type: field };
    return;
  }
  const contacts = contactsOf(value, messages);
  for (const message of messages) yield messageOf(message, contacts);
  for (const echo of echoes) yield echoOf(echo);
  for (const status of statuses) yield statusOf(status);
  for (const update of updates) yield userIdUpdateOf(update);
}

/** By number and by id: a hook can have a thousand of each. */
interface Contacts {
  byId: Map<string, Json>;
  /** The one of the whole hook, when there is one, and one person only has written: their number may be spelt in another way there. */
  only: Json | undefined;
}

function contactsOf(value: Json, messages: readonly Json[]): Contacts {
  const contacts = recordsIn(value, 'contacts');
  const byId = new Map<string, Json>();
  for (const contact of contacts) {
    for (const name of ['wa_id', 'user_id']) {
      const id = idIn(contact, name);
      if (id !== null) byId.set(id, contact);
    }
  }
  const writers = new Set(messages.map((message) => idIn(message, 'from') ?? userIdIn(message)));
  return { byId, only: contacts.length === 1 && writers.size === 1 ? contacts[0] : undefined };
}

const userIdIn = (message: Json): string | null => idIn(message, 'from_user_id') ?? idIn(message, 'user_id');

function messageOf(message: Json, contacts: Contacts): InboundEvent {
  const externalId = idIn(message, 'id') ?? hashId('message', message);
  const type = textIn(message, 'type', 60) ?? 'unknown';
  const sender = senderOf(message, contacts);
  const other: InboundEvent = { kind: 'other', externalId, sender, type };
  if (type === 'system') return movedOf(message, externalId) ?? other;
  if (sender === null || NEVER_ANSWERED.has(type)) return other;
  // What a group says is not said to the business alone.
  if (idIn(message, 'group_id') !== null) return { ...other, type: 'group' };
  const content = contentOf(message, type);
  if (content === null) return other;
  return {
    kind: 'message',
    externalId,
    sender,
    threadKey: '',
    ...content,
    replyTo: idIn(recordIn(message, 'context'), 'id'),
    sentAt: timeIn(message, 'timestamp'),
  };
}

/**
 * A person has a new number, and with it a new business-scoped id; the message tells the new ones, and the old number if Meta shares it.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system
 */
function movedOf(message: Json, externalId: string): InboundEvent | null {
  const system = recordIn(message, 'system');
  if (!MOVES.has(textIn(system, 'type', 60) ?? '')) return null;
  const to = person(idIn(system, 'wa_id'), idIn(system, 'user_id'), null);
  const fromId = idIn(message, 'from_user_id');
  const sender = person(idIn(message, 'from'), fromId === to?.scopedId ? null : fromId, null);
  return sender === null || to === null ? null : { kind: 'moved', externalId, sender, to };
}

/** The same, from the old id to the new one. @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids/ */
function userIdUpdateOf(update: Json): InboundEvent {
  const ids = recordIn(update, 'user_id');
  const externalId = hashId('user_id_update', { ids, at: update.timestamp });
  const sender = person(null, idIn(ids, 'previous'), null);
  const current = idIn(ids, 'current');
  const to = current === null ? null : person(idIn(update, 'wa_id'), current, null);
  if (sender === null || to === null) return { kind: 'other', externalId, sender, type: 'user_id_update' };
  return { kind: 'moved', externalId, sender, to };
}

function echoOf(echo: Json): InboundEvent {
  const externalId = idIn(echo, 'id') ?? hashId('echo', echo);
  const type = textIn(echo, 'type', 60) ?? 'unknown';
  const sender = person(idIn(echo, 'to'), idIn(echo, 'to_user_id'), null);
  const content = sender === null || NEVER_ANSWERED.has(type) ? null : contentOf(echo, type);
  if (sender === null || content === null) return { kind: 'other', externalId, sender, type: `echo:${type}` };
  return { kind: 'echo', externalId, sender, threadKey: '', text: content.text };
}

function statusOf(status: Json): InboundEvent {
  const messageExternalId = idIn(status, 'id');
  const name = textIn(status, 'status', 60) ?? 'unknown';
  const known = Object.hasOwn(STATUSES, name) ? STATUSES[name as keyof typeof STATUSES] : undefined;
  if (messageExternalId === null || known === undefined) {
    return { kind: 'other', externalId: hashId('status', status), sender: null, type: `status:${name}` };
  }
  const outboxId = Number(OWN_ID.exec(textIn(status, 'biz_opaque_callback_data', 600) ?? '')?.[1] ?? NaN);
  return {
    kind: 'status',
    // A message has each status once; when it comes again nothing is new.
    externalId: `${messageExternalId}:${known}`,
    messageExternalId,
    status: known,
    outboxId: Number.isSafeInteger(outboxId) ? outboxId : null,
    errorCode: known === 'failed' ? numberIn(recordsIn(status, 'errors')[0], 'code') : null,
  };
}

/** Who wrote: by number, by business-scoped id, or both. @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids/ */
function senderOf(message: Json, { byId, only }: Contacts): Sender | null {
  const from = idIn(message, 'from');
  const userId = userIdIn(message);
  const contact = byId.get(userId ?? '') ?? byId.get(from ?? '') ?? only;
  const profile = recordIn(contact, 'profile');
  const name = textIn(profile, 'name', 200) ?? textIn(profile, 'username', 200);
  return person(from ?? idIn(contact, 'wa_id'), userId ?? idIn(contact, 'user_id'), name);
}

/** Null when nothing says who it is. */
function person(number: string | null, userId: string | null, name: string | null): Sender | null {
  const phone = /^\+?(\d{5,20})$/.exec(number ?? '')?.[1] ?? null;
  // Should a scoped id stand where a number belongs, it is one all the same.
  const scopedId = (userId ?? (phone === null ? number : null))?.slice(0, 200) ?? null;
  return phone === null && scopedId === null ? null : { scopedId, phone, name };
}
