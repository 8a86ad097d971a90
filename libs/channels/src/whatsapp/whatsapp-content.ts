import type { RemoteMedia } from '../core/channel-adapter';
import { idIn, type Json, numberIn, recordIn, recordsIn, textIn } from '../meta/json';

/** What a message says, in words that a model can read, and its files. */
export interface Content {
  text: string;
  media: RemoteMedia[];
}

const MEDIA: Readonly<Record<string, { kind: RemoteMedia['kind']; word: string }>> = {
  image: { kind: 'image', word: 'Image' },
  audio: { kind: 'audio', word: 'Audio' },
  video: { kind: 'video', word: 'Video' },
  document: { kind: 'document', word: 'Document' },
  sticker: { kind: 'sticker', word: 'Sticker' },
};

/** Longest list that is described: an order can have many lines. */
const MAX_ITEMS = 30;
/** Of these kinds that Meta does not pass on, none is a question. */
const SILENT_UNSUPPORTED = new Set(['edit', 'pin', 'poll_update', 'revoke', 'keep_in_chat']);

/** Null when there is nothing in it that somebody could answer. */
export function contentOf(message: Json, type: string): Content | null {
  const part = recordIn(message, type);
  const media = Object.hasOwn(MEDIA, type) ? MEDIA[type] : undefined;
  if (media) return mediaContent(part, media);
  switch (type) {
    case 'text':
      return plain(textIn(part, 'body'));
    case 'button':
      return plain(textIn(part, 'text') ?? textIn(part, 'payload'));
    case 'interactive':
      return plain(chosen(part));
    case 'location':
      return plain(locationText(part));
    case 'contacts':
      return plain(contactsText(message));
    case 'order':
      return plain(orderText(part));
    default:
      return unknownContent(message, type);
  }
}

const plain = (text: string | null): Content | null => (text === null ? null : { text, media: [] });

function mediaContent(part: Json | null, { kind, word }: { kind: RemoteMedia['kind']; word: string }): Content {
  const fileName = textIn(part, 'filename', 200);
  const name = part?.voice === true ? 'Voice message' : word;
  const text = textIn(part, 'caption') ?? `[${name}${fileName === null ? '' : `: ${fileName}`}]`;
  const ref = idIn(part, 'id');
  if (ref === null) return { text, media: [] };
  return { text, media: [{ ref, kind, contentType: textIn(part, 'mime_type', 200), fileName }] };
}

/** What somebody chose from buttons, a list, or filled in. */
function chosen(part: Json | null): string | null {
  const button = recordIn(part, 'button_reply');
  if (button) return textIn(button, 'title');
  const row = recordIn(part, 'list_reply');
  if (row) return [textIn(row, 'title'), textIn(row, 'description')].filter(Boolean).join(': ') || null;
  const form = recordIn(part, 'nfm_reply');
  if (form) return `[Form: ${textIn(form, 'response_json', 4000) ?? textIn(form, 'body', 200) ?? 'empty'}]`;
  return null;
}

function locationText(part: Json | null): string | null {
  const latitude = numberIn(part, 'latitude');
  const longitude = numberIn(part, 'longitude');
  const names = [textIn(part, 'name', 500), textIn(part, 'address', 500)].filter(Boolean).join(', ');
  const place = latitude === null || longitude === null ? '' : `${latitude}, ${longitude}`;
  if (names === '' && place === '') return null;
  return `[Location: ${names === '' || place === '' ? names + place : `${names} (${place})`}]`;
}

function contactsText(message: Json): string | null {
  const contacts = recordsIn(message, 'contacts').slice(0, MAX_ITEMS);
  const lines = contacts.map((contact) => {
    const name = textIn(recordIn(contact, 'name'), 'formatted_name', 200) ?? 'unnamed';
    const phones = recordsIn(contact, 'phones').map((phone) => textIn(phone, 'phone', 40));
    const emails = recordsIn(contact, 'emails').map((email) => textIn(email, 'email', 200));
    return [name, ...phones, ...emails].filter(Boolean).slice(0, 6).join(', ');
  });
  return lines.length === 0 ? null : `[Contact: ${lines.join('; ')}]`;
}

function orderText(part: Json | null): string | null {
  const items = recordsIn(part, 'product_items').map((item) => {
    const price = numberIn(item, 'item_price');
    const cost = price === null ? '' : ` at ${price} ${textIn(item, 'currency', 10) ?? ''}`.trimEnd();
    return `${numberIn(item, 'quantity') ?? 1} × ${textIn(item, 'product_retailer_id', 200) ?? 'unknown'}${cost}`;
  });
  if (items.length === 0) return null;
  const rest = items.length > MAX_ITEMS ? `; and ${items.length - MAX_ITEMS} more` : '';
  const note = textIn(part, 'text', 2000);
  return `[Order: ${items.slice(0, MAX_ITEMS).join('; ')}${rest}]${note === null ? '' : ` ${note}`}`;
}

/** A type that Meta does not pass on, or that did not exist when this was written: the person hears that it was not understood. */
function unknownContent(message: Json, type: string): Content | null {
  const name = textIn(recordIn(message, 'unsupported'), 'type', 60) ?? type;
  if (SILENT_UNSUPPORTED.has(name)) return null;
  const caption = textIn(recordIn(message, type), 'caption') ?? textIn(recordIn(message, type), 'body');
  const what = name === 'unsupported' || name === 'unknown' ? 'a kind of message' : `a message of the kind "${name}"`;
  return {
    text: `${caption === null ? '' : `${caption} `}[The person sent ${what} that cannot be read here.]`,
    media: [],
  };
}
