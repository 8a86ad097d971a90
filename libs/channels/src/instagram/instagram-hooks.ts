import type { HookEvents, InboundEvent, RemoteMedia, Sender } from '../core/channel-adapter';
import { byAccount, entriesIn, someAccounts, type Told } from '../meta/hook-events';
import { hashId, idIn, isRecord, type Json, recordIn, recordsIn, textIn, timeIn } from '../meta/json';

const MEDIA_KINDS: Readonly<Record<string, RemoteMedia['kind']>> = {
  image: 'image',
  audio: 'audio',
  video: 'video',
  file: 'document',
  // Somebody else's picture or film, shown to the account; a reel is a film.
  ig_reel: 'video',
  reel: 'video',
};

const WORDS: Readonly<Record<string, string>> = {
  image: 'Image',
  audio: 'Voice message',
  video: 'Video',
  file: 'File',
  ig_reel: 'Reel',
  reel: 'Reel',
  ig_post: 'Instagram post',
  share: 'Shared post',
  story_mention: 'Mentioned you in their story',
  like_heart: '❤',
};

/** More files than a message can have are left out. */
const MAX_ATTACHMENTS = 10;

/**
 * Every event of every entry, by the account that each is for. Only what people write or choose is a message; what they read, change, take back or react to is `other`.
 * @see https://developers.facebook.com/documentation/instagram-platform/webhooks/examples
 */
export const parseInstagramHook = (body: unknown): HookEvents[] => byAccount(toldIn(body));

/** The accounts that a hook is for, without a look at what it tells them. */
export const instagramAccountsIn = (body: unknown): string[] => someAccounts(accountEntriesIn(body));

function* accountEntriesIn(body: unknown): Generator<{ accountId: string; entry: Json }> {
  for (const entry of entriesIn(body)) {
    const accountId = idIn(entry, 'id');
    if (accountId !== null) yield { accountId, entry };
  }
}

function* toldIn(body: unknown): Generator<Told> {
  for (const { accountId, entry } of accountEntriesIn(body)) {
    for (const event of eventsOf(entry, accountId)) yield { accountId, event };
  }
}

function* eventsOf(entry: Json, accountId: string): Generator<InboundEvent> {
  for (const item of recordsIn(entry, 'messaging')) yield eventOf(item, accountId);
  // Another app is in charge of the conversation then.
  for (const item of recordsIn(entry, 'standby')) yield other(item, accountId, 'standby');
  for (const change of recordsIn(entry, 'changes')) yield changeOf(change, accountId);
}

/** The form in which messages come from the test button of Meta's dashboard; comments and the like come so too. */
function changeOf(change: Json, accountId: string): InboundEvent {
  const field = textIn(change, 'field', 60) ?? 'unknown';
  const value = recordIn(change, 'value');
  if (value !== null && (field === 'messages' || field === 'messaging_postbacks')) return eventOf(value, accountId);
  return other(change, accountId, field);
}

function eventOf(item: Json, accountId: string): InboundEvent {
  const postback = recordIn(item, 'postback');
  if (postback) return postbackOf(item, postback, accountId);
  const message = recordIn(item, 'message');
  if (!message) {
    const type = ['read', 'reaction', 'message_edit', 'referral', 'optin'].find((name) => isRecord(item[name]));
    return other(item, accountId, type ?? 'unknown');
  }
  if (message.is_deleted === true) return other(item, accountId, 'unsend');
  const isEcho = message.is_echo === true || idIn(recordIn(item, 'sender'), 'id') === accountId;
  const sender = person(recordIn(item, isEcho ? 'recipient' : 'sender'));
  const content = contentOf(message);
  const externalId = idIn(message, 'mid') ?? hashId('message', item);
  // Written by the account to itself: there is nobody to answer.
  if (sender === null || content === null || sender.scopedId === accountId) return other(item, accountId, 'empty');
  if (isEcho) return { kind: 'echo', externalId, sender, threadKey: '', text: content.text };
  return {
    kind: 'message',
    externalId,
    sender,
    threadKey: '',
    ...content,
    replyTo: idIn(recordIn(message, 'reply_to'), 'mid'),
    sentAt: timeIn(item, 'timestamp'),
  };
}

/** A button or an opening question was chosen. */
function postbackOf(item: Json, postback: Json, accountId: string): InboundEvent {
  const sender = person(recordIn(item, 'sender'));
  const text = textIn(postback, 'title') ?? textIn(postback, 'payload');
  if (sender === null || text === null || sender.scopedId === accountId) return other(item, accountId, 'postback');
  return {
    kind: 'message',
    externalId: idIn(postback, 'mid') ?? hashId('postback', item),
    sender,
    threadKey: '',
    text,
    media: [],
    replyTo: null,
    sentAt: timeIn(item, 'timestamp'),
  };
}

function contentOf(message: Json): { text: string; media: RemoteMedia[] } | null {
  const attachments = recordsIn(message, 'attachments').slice(0, MAX_ATTACHMENTS);
  const media = attachments.flatMap(mediaOf);
  const text = textIn(message, 'text');
  const descriptions = attachments.map(describe);
  const story = recordIn(recordIn(message, 'reply_to'), 'story') === null ? [] : ['[Reply to your story]'];
  if (message.is_unsupported === true && text === null && attachments.length === 0) {
    return { text: '[The person sent something that cannot be read here.]', media: [] };
  }
  // A caption says what a file is about; files without one are named.
  const words = [...story, ...(text === null ? descriptions : [text, ...describeShares(attachments)])];
  return words.length === 0 || (text === null && attachments.length === 0) ? null : { text: words.join(' '), media };
}

const typeOf = (attachment: Json): string => textIn(attachment, 'type', 60) ?? 'file';

function mediaOf(attachment: Json): RemoteMedia[] {
  const type = typeOf(attachment);
  const kind = Object.hasOwn(MEDIA_KINDS, type) ? MEDIA_KINDS[type] : undefined;
  const payload = recordIn(attachment, 'payload');
  const ref = textIn(payload, 'url', 4000);
  // A reel's address can be a page; only what is a file can be fetched, which fetching finds out.
  return kind === undefined || ref === null ? [] : [{ ref, kind, contentType: null, fileName: null }];
}

function describe(attachment: Json): string {
  const type = typeOf(attachment);
  const title = textIn(recordIn(attachment, 'payload'), 'title', 1000);
  const word = Object.hasOwn(WORDS, type) ? WORDS[type] : `Something of the kind "${type}" that cannot be read here`;
  return `[${word}${title === null ? '' : `: ${title}`}]`;
}

/** Shared posts and the like say more than the text beside them. */
function describeShares(attachments: Json[]): string[] {
  return attachments.filter((attachment) => !Object.hasOwn(MEDIA_KINDS, typeOf(attachment))).map(describe);
}

function other(item: Json, accountId: string, type: string): InboundEvent {
  const sender = person(recordIn(item, 'sender'));
  return {
    kind: 'other',
    externalId: hashId(type, item),
    sender: sender?.scopedId === accountId ? null : sender,
    type,
  };
}

function person(from: Json | null): Sender | null {
  const scopedId = idIn(from, 'id')?.slice(0, 200) ?? null;
  return scopedId === null ? null : { scopedId, phone: null, name: textIn(from, 'username', 200) };
}
