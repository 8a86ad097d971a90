import fc from 'fast-check';
import {
  anInstagramAccount,
  aPerson,
  instagramEcho,
  instagramHook,
  instagramMessage,
  instagramText,
  type Json,
} from '../../../../test/support/fake-graph';
import { cpuNow } from '../../../../test/support/cpu-time';
import type { InboundEvent } from '../core/channel-adapter';
import { parseInstagramHook } from './instagram-hooks';

const account = anInstagramAccount();
const ada = aPerson({ phone: null, scopedId: '998877' });

const eventsOf = (body: unknown): InboundEvent[] => parseInstagramHook(body).flatMap(({ events }) => events);
const first = (message: Json): InboundEvent | undefined =>
  eventsOf(instagramHook(account, instagramMessage(account, ada, message)))[0];
const item = (change: Json): Json => ({
  sender: { id: '998877' },
  recipient: { id: account.id },
  timestamp: Date.now(),
  ...change,
});

describe('hooks of Instagram', () => {
  it('are read whole, with the account that each entry is for', () => {
    const hook = instagramHook(
      account,
      instagramMessage(account, ada, { mid: 'm1', text: 'one' }),
      instagramMessage(account, ada, { mid: 'm2', text: 'two' }),
    );
    expect(parseInstagramHook(hook)).toEqual([
      {
        accountId: account.id,
        events: ['one', 'two'].map((text, index) => ({
          kind: 'message',
          externalId: `m${index + 1}`,
          sender: { scopedId: '998877', phone: null, name: null },
          threadKey: '',
          text,
          media: [],
          replyTo: null,
          sentAt: expect.any(Date) as Date,
        })),
      },
    ]);
  });

  it('have times as numbers or as texts', () => {
    const at = (timestamp: unknown): InboundEvent | undefined =>
      eventsOf(instagramHook(account, { ...instagramMessage(account, ada, { text: 'hi' }), timestamp }))[0];
    const expected = { sentAt: new Date('2025-09-06T12:01:25.349Z') };
    expect(at(1_757_160_085_349)).toMatchObject(expected);
    expect(at('1757160085349')).toMatchObject(expected);
    expect(at('2025-09-06T12:01:25.349+0000')).toMatchObject(expected);
    expect(at('now')).toMatchObject({ sentAt: null });
  });

  it('come in another form from the test button', () => {
    const value = instagramMessage(account, ada, { mid: 'm9', text: 'test' });
    const body = { object: 'instagram', entry: [{ id: account.id, changes: [{ field: 'messages', value }] }] };
    expect(eventsOf(body)).toEqual([expect.objectContaining({ kind: 'message', externalId: 'm9', text: 'test' })]);
  });

  it.each<[string, Json, string, number]>([
    ['a picture', { attachments: [{ type: 'image', payload: { url: 'https://x.fbcdn.net/1' } }] }, '[Image]', 1],
    [
      'a picture with words',
      { text: 'My roof', attachments: [{ type: 'image', payload: { url: 'https://x.fbcdn.net/1' } }] },
      'My roof',
      1,
    ],
    ['a voice message', { attachments: [{ type: 'audio', payload: { url: 'https://x/1' } }] }, '[Voice message]', 1],
    [
      'a shared post',
      { attachments: [{ type: 'ig_post', payload: { url: 'https://x/1', title: 'Shoes' } }] },
      '[Instagram post: Shoes]',
      0,
    ],
    [
      'a mention in a story',
      { attachments: [{ type: 'story_mention', payload: { url: 'https://x/1' } }] },
      '[Mentioned you in their story]',
      0,
    ],
    ['a reply to a story', { text: 'Nice', reply_to: { story: { id: '1' } } }, '[Reply to your story] Nice', 0],
    ['a quick reply', { text: 'Yes', quick_reply: { payload: 'yes' } }, 'Yes', 0],
    ['what is not supported', { is_unsupported: true }, '[The person sent something that cannot be read here.]', 0],
    [
      'a type from the future',
      { attachments: [{ type: 'hologram', payload: {} }] },
      '[Something of the kind "hologram" that cannot be read here]',
      0,
    ],
  ])('%s is a message', (_name, message, text, files) => {
    const event = first(message);
    expect(event).toMatchObject({ kind: 'message', text });
    expect(event?.kind === 'message' && event.media).toHaveLength(files);
  });

  it('say which message is answered, and which button was chosen', () => {
    expect(first({ text: 'yes', reply_to: { mid: 'm0' } })).toMatchObject({ replyTo: 'm0' });
    const postback = item({ postback: { mid: 'm5', title: 'Opening hours', payload: 'HOURS' } });
    expect(eventsOf(instagramHook(account, postback))).toEqual([
      expect.objectContaining({ kind: 'message', externalId: 'm5', text: 'Opening hours' }),
    ]);
  });

  it('tell what was said from the account, which is no message', () => {
    expect(eventsOf(instagramEcho(account, ada, 'I take this one.', { mid: 'm7' }))).toEqual([
      {
        kind: 'echo',
        externalId: 'm7',
        sender: { scopedId: '998877', phone: null, name: null },
        threadKey: '',
        text: 'I take this one.',
      },
    ]);
    // Even if the flag were missing, the account would not answer itself.
    const own = instagramHook(account, {
      ...instagramMessage(account, ada, { text: 'hi' }),
      sender: { id: account.id },
      recipient: { id: '998877' },
    });
    expect(eventsOf(own)[0]?.kind).toBe('echo');
    // And with the flag it counts whatever id the account has there.
    const linked = instagramHook(account, {
      ...instagramMessage(account, ada, { text: 'hi', is_echo: true }),
      sender: { id: '102030405060708' },
      recipient: { id: '998877' },
    });
    expect(eventsOf(linked)[0]).toMatchObject({ kind: 'echo', sender: { scopedId: '998877' } });
    const self = instagramHook(account, {
      ...instagramMessage(account, ada, { text: 'hi', is_self: true, is_echo: true }),
      sender: { id: account.id },
      recipient: { id: account.id },
    });
    expect(eventsOf(self)[0]?.kind).toBe('other');
  });

  it.each<[string, Json]>([
    ['read', item({ read: { mid: 'm1' } })],
    ['reaction', item({ reaction: { mid: 'm1', action: 'react', emoji: '❤' } })],
    ['message_edit', item({ message_edit: { mid: 'm1', text: 'new', num_edit: 1 } })],
    ['unsend', item({ message: { mid: 'm1', is_deleted: true } })],
    ['referral', item({ referral: { ref: 'x' } })],
    ['unknown', item({ novelty: {} })],
    ['empty', item({ message: { mid: 'm1' } })],
  ])('%s is never answered', (type, entry) => {
    expect(eventsOf(instagramHook(account, entry))).toEqual([expect.objectContaining({ kind: 'other', type })]);
  });

  it('are looked at as far as Meta fills them: a million changes end nothing, and cost little', () => {
    const changes = Array.from({ length: 1_000_000 }, () => ({}));
    const begun = cpuNow();
    const found = parseInstagramHook({ object: 'instagram', entry: [{ id: account.id, changes }] });
    expect(cpuNow() - begun).toBeLessThan(2000);
    expect(found.map(({ accountId, events }) => [accountId, events.length])).toEqual([[account.id, 5000]]);
  });

  it('can have anything in them without harm', () => {
    const shaped = fc.constantFrom<Json>(instagramText(account, ada, 'hi'), instagramEcho(account, ada, 'hi'));
    const spoiled = fc.tuple(shaped, fc.nat(), fc.jsonValue({ maxDepth: 3 })).map(([hook, at, value]) => {
      let left = at % 25;
      return JSON.parse(JSON.stringify(hook), (_key, old: unknown) => (left-- === 0 ? value : old)) as unknown;
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), spoiled), (body) => {
        for (const event of eventsOf(body)) {
          expect(event.externalId.length).toBeLessThanOrEqual(300);
          if (event.kind === 'message') expect(event.text.trim()).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
