import { randomBytes, randomInt } from 'node:crypto';
import type { FakeAccount } from './accounts';
import type { SentMessage } from './call-log';

export type Json = Record<string, unknown>;

/** A person, as a channel names them. */
export interface FakePerson {
  /** Digits; null: hidden behind a username. */
  phone: string | null;
  /** WhatsApp's business-scoped id such as `US.1349…`, or Instagram's scoped id; null: an old hook without one. */
  scopedId: string | null;
  name: string;
}

/** Nobody has the number of somebody else. */
let people = randomInt(0, 900_000);

export function aPerson(change: Partial<FakePerson> = {}): FakePerson {
  return {
    phone: `15551${String((people += 1)).padStart(6, '0')}`,
    scopedId: `US.${digits(17)}`,
    name: 'Ada',
    ...change,
  };
}

/** A new id of a WhatsApp message. */
export function aWamid(): string {
  return `wamid.${randomBytes(24).toString('base64').replace(/=+$/, '')}`;
}

/** A new id of an Instagram message. */
export function aMid(): string {
  return `aWdfZAG1faXRlbToxOkl${randomBytes(30).toString('base64url')}`;
}

/** Entry of a message in `value.messages[]`. @param content the part of its type, such as `{type: 'text', text: {body}}` */
export function whatsAppMessage(person: FakePerson, content: Json, change: Json = {}): Json {
  return {
    ...(person.phone === null ? {} : { from: person.phone }),
    ...(person.scopedId === null ? {} : { from_user_id: person.scopedId }),
    id: aWamid(),
    timestamp: String(Math.floor(Date.now() / 1000)),
    ...content,
    ...change,
  };
}

export function text(body: string): Json {
  return { type: 'text', text: { body } };
}

/** A change of the field `messages`, or another one. */
export function whatsAppChange(account: Pick<FakeAccount, 'id'>, value: Json, field = 'messages'): Json {
  return {
    field,
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '15550100199', phone_number_id: account.id },
      ...value,
    },
  };
}

/** A change with messages of one person. */
export function whatsAppMessages(account: Pick<FakeAccount, 'id'>, person: FakePerson, messages: Json[]): Json {
  const contact = {
    profile: { name: person.name },
    ...(person.phone === null ? {} : { wa_id: person.phone }),
    ...(person.scopedId === null ? {} : { user_id: person.scopedId }),
  };
  return whatsAppChange(account, { contacts: [contact], messages });
}

/** The body of a hook with these changes, all in one entry. */
export function whatsAppHook(...changes: Json[]): Json {
  return { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] };
}

/** One text of one person, as the whole body. */
export function whatsAppText(
  account: Pick<FakeAccount, 'id'>,
  person: FakePerson,
  body: string,
  change: Json = {},
): Json {
  return whatsAppHook(whatsAppMessages(account, person, [whatsAppMessage(person, text(body), change)]));
}

/** What became of a message that was sent. `errors` only with `failed`. */
export function whatsAppStatus(message: SentMessage, status: string, errorCode?: number): Json {
  const isPhone = /^\d+$/.test(message.to);
  return whatsAppHook(
    whatsAppChange(
      { id: message.accountId },
      {
        statuses: [
          {
            id: message.id,
            status,
            timestamp: String(Math.floor(Date.now() / 1000)),
            ...(isPhone ? { recipient_id: message.to } : { recipient_user_id: message.to }),
            ...(message.callbackData === null ? {} : { biz_opaque_callback_data: message.callbackData }),
            ...(errorCode === undefined
              ? { pricing: { billable: true, pricing_model: 'PMP', category: 'service' } }
              : { errors: [{ code: errorCode, title: 'Error', message: 'Error', error_data: { details: 'Fake.' } }] }),
          },
        ],
      },
    ),
  );
}

/** What a colleague wrote in the WhatsApp Business app (field `smb_message_echoes`). */
export function whatsAppEcho(
  account: Pick<FakeAccount, 'id'>,
  person: FakePerson,
  body: string,
  change: Json = {},
): Json {
  const echo = {
    from: '15550100199',
    ...(person.phone === null ? {} : { to: person.phone }),
    ...(person.scopedId === null ? {} : { to_user_id: person.scopedId }),
    id: aWamid(),
    timestamp: String(Math.floor(Date.now() / 1000)),
    ...text(body),
    ...change,
  };
  return whatsAppHook(whatsAppChange(account, { message_echoes: [echo] }, 'smb_message_echoes'));
}

/** Somebody has a new number (a system message). Meta tells the old number and the new ids as far as it shares them. */
export function whatsAppMoved(account: Pick<FakeAccount, 'id'>, from: FakePerson, to: FakePerson): Json {
  const system = {
    body: `User ${from.name} changed from ${from.phone} to ${to.phone}`,
    ...(to.phone === null ? {} : { wa_id: to.phone }),
    ...(to.scopedId === null ? {} : { user_id: to.scopedId }),
    type: 'user_changed_number',
  };
  const message = whatsAppMessage({ ...from, scopedId: null }, { type: 'system', system });
  return whatsAppHook(whatsAppChange(account, { messages: [message] }));
}

/** The business-scoped id of somebody is another one now (field `user_id_update`). */
export function whatsAppIdUpdate(account: Pick<FakeAccount, 'id'>, from: FakePerson, to: FakePerson): Json {
  const update = {
    ...(to.phone === null ? {} : { wa_id: to.phone }),
    detail: `User id for ${from.name} has been updated.`,
    user_id: { previous: from.scopedId, current: to.scopedId },
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  return whatsAppHook(whatsAppChange(account, { user_id_update: [update] }, 'user_id_update'));
}

/** The body of an Instagram hook. @param messaging entries, such as from `instagramMessage` */
export function instagramHook(account: Pick<FakeAccount, 'id'>, ...messaging: Json[]): Json {
  return { object: 'instagram', entry: [{ id: account.id, time: Date.now(), messaging }] };
}

/** One entry of `messaging[]` with a message. @param message such as `{text}`, `{attachments}` */
export function instagramMessage(account: Pick<FakeAccount, 'id'>, person: FakePerson, message: Json): Json {
  return {
    sender: { id: person.scopedId },
    recipient: { id: account.id },
    timestamp: Date.now(),
    message: { mid: aMid(), ...message },
  };
}

/** One text of one person, as the whole body. */
export function instagramText(
  account: Pick<FakeAccount, 'id'>,
  person: FakePerson,
  body: string,
  change: Json = {},
): Json {
  return instagramHook(account, instagramMessage(account, person, { text: body, ...change }));
}

/** What was sent from the account itself, by whomever. */
export function instagramEcho(
  account: Pick<FakeAccount, 'id'>,
  person: FakePerson,
  body: string,
  change: Json = {},
): Json {
  return instagramHook(account, {
    sender: { id: account.id },
    recipient: { id: person.scopedId },
    timestamp: Date.now(),
    message: { mid: aMid(), text: body, is_echo: true, ...change },
  });
}

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(0, 10)).join('');
