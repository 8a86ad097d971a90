import { createHash, timingSafeEqual } from 'node:crypto';
import type { ChannelAccess, HookEvents, HookRequest, HookRules, InboundEvent } from '../core/channel-adapter';
import { hashId, isRecord, textIn, timeIn } from '../meta/json';
import { enteredIn } from './entered-command';
import { type HookFields, hookFieldsOf } from './hook-fields';
import type { MattermostCommands } from './mattermost-commands';
import { threadKeyOf } from './place';
import { isMattermostId } from './post';
import { EMPTY_QUESTION } from './triggers';

const MAX_TEXT = 32_000;
const MAX_ADDRESS = 2000;

/** @see https://developers.mattermost.com/integrate/webhooks/outgoing/ and https://developers.mattermost.com/integrate/slash-commands/custom/ */
export const mattermostHooks = (commands: MattermostCommands): HookRules => ({
  contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
  isSecretUnique: true,
  read: hookFieldsOf,

  isSigned({ credentials }, request) {
    const expected = credentials[request.purpose === 'command' ? 'command_token' : 'webhook_token'];
    const given = tokenOf(request);
    // Compared in any case, so that the time does not tell which channels have one.
    const isSame = isSameText(given ?? '', expected ?? '');
    return isSame && given !== null && expected !== undefined;
  },

  answer(access, request) {
    if (request.purpose !== 'command') return undefined;
    return commands.answer(access, enteredIn(hookFieldsOf(request)));
  },
});

/** Of a command it is in a header, too, and only there when the command is sent with GET. */
function tokenOf(request: HookRequest): string | null {
  const [, header] = /^Token (\S{1,200})$/i.exec(String(request.headers.authorization ?? '')) ?? [];
  if (request.purpose === 'command' && header !== undefined) return header;
  try {
    return textIn(hookFieldsOf(request).fields, 'token', 200);
  } catch {
    return null;
  }
}

/** In constant time, also for texts of different lengths. */
function isSameText(given: string, expected: string): boolean {
  const [left, right] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left!, right!);
}

/** @param isQuestion whether a model is to answer what was entered. Does not throw */
export function parseMattermostHook(body: unknown, isQuestion: (text: string) => boolean): HookEvents[] {
  if (!isRecord(body) || !isRecord(body.fields)) return [];
  const told: HookFields = { purpose: body.purpose === 'command' ? 'command' : 'outgoing', fields: body.fields };
  const event = told.purpose === 'command' ? commandEvent(told, isQuestion) : postEvent(told);
  return event === null ? [] : [{ accountId: null, events: [event] }];
}

/** The hook has no root_id, no files and no props: whether it is to be answered, and where, is seen when the post was looked up. */
function postEvent({ fields }: HookFields): InboundEvent | null {
  const { post_id: postId, channel_id: channelId, user_id: userId } = fields;
  if (!isMattermostId(postId) || !isMattermostId(channelId) || !isMattermostId(userId)) return null;
  return {
    kind: 'message',
    externalId: postId,
    sender: { scopedId: userId, phone: null, name: textIn(fields, 'user_name', 100) },
    threadKey: threadKeyOf({ channelId, rootId: postId, isCommand: false }),
    text: textIn(fields, 'text', MAX_TEXT) ?? '',
    media: [],
    replyTo: null,
    // Seconds in a form, milliseconds in JSON.
    sentAt: timeIn(fields, 'timestamp'),
    partial: { trigger: textIn(fields, 'trigger_word', 200) },
  };
}

function commandEvent(told: HookFields, isQuestion: (text: string) => boolean): InboundEvent | null {
  const { fields } = told;
  const { text, channelId, channelName, teamName, userId, username } = enteredIn(told);
  if (!isMattermostId(channelId) || !isMattermostId(userId)) return null;
  const externalId = hashId('command', fields.trigger_id ?? fields);
  const sender = { scopedId: userId, phone: null, name: username };
  if (!isQuestion(text)) return { kind: 'other', externalId, sender, type: 'command' };
  const replyAddress = textIn(fields, 'response_url', MAX_ADDRESS);
  return {
    kind: 'message',
    externalId,
    sender,
    threadKey: threadKeyOf({
      channelId,
      rootId: isMattermostId(fields.root_id) ? fields.root_id : null,
      isCommand: true,
    }),
    text: text === '' ? EMPTY_QUESTION : text,
    media: [],
    replyTo: null,
    sentAt: null,
    // To a question "On it…" is said, or why there is no answer.
    isPromised: true,
    ...(channelName === null || teamName === null ? {} : { placeName: `${teamName}/${channelName}` }),
    ...(replyAddress === null ? {} : { replyAddress }),
  };
}

/** Whether a command can be answered there: only at the very server of the channel. */
export function isReplyAddress({ credentials }: ChannelAccess, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && `${url.origin}${url.pathname}`.startsWith(`${credentials.url}/hooks/commands/`);
}
