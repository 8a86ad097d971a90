import fc from 'fast-check';
import {
  aPerson,
  aWhatsAppNumber,
  type FakePerson,
  type Json,
  text,
  whatsAppChange,
  whatsAppEcho,
  whatsAppHook,
  whatsAppMessage,
  whatsAppMessages,
  whatsAppStatus,
  whatsAppText,
} from '../../../../test/support/fake-graph';
import type { InboundEvent } from '../core/channel-adapter';
import { callbackDataOf, parseWhatsAppHook } from './whatsapp-hooks';
import { cpuNow } from '../../../../test/support/cpu-time';

const number = aWhatsAppNumber();
const other = aWhatsAppNumber();
const ada = aPerson({ phone: '15550001', scopedId: 'US.111', name: 'Ada' });

const eventsOf = (body: unknown): InboundEvent[] => parseWhatsAppHook(body).flatMap(({ events }) => events);
const first = (content: Json, person: FakePerson = ada): InboundEvent | undefined =>
  eventsOf(whatsAppHook(whatsAppMessages(number, person, [whatsAppMessage(person, content)])))[0];

describe('hooks of WhatsApp', () => {
  it('are read whole: every message of every change of every entry, by the number that each is for', () => {
    const hook = whatsAppHook(
      whatsAppMessages(number, ada, [whatsAppMessage(ada, text('one')), whatsAppMessage(ada, text('two'))]),
      whatsAppMessages(other, ada, [whatsAppMessage(ada, text('three'))]),
    );
    const further = whatsAppHook(whatsAppMessages(number, ada, [whatsAppMessage(ada, text('four'))]));
    const found = parseWhatsAppHook({ ...hook, entry: [...(hook.entry as Json[]), ...(further.entry as Json[])] });
    expect(
      found.map(({ accountId, events }) => [accountId, events.map((event) => 'text' in event && event.text)]),
    ).toEqual([
      [number.id, ['one', 'two', 'four']],
      [other.id, ['three']],
    ]);
  });

  it('say who wrote, by number, by business-scoped id, or both', () => {
    expect(first(text('hi'))).toMatchObject({ sender: { phone: '15550001', scopedId: 'US.111', name: 'Ada' } });
    expect(first(text('hi'), { ...ada, phone: null })).toMatchObject({ sender: { phone: null, scopedId: 'US.111' } });
    expect(first(text('hi'), { ...ada, scopedId: null })).toMatchObject({
      sender: { phone: '15550001', scopedId: null },
    });
    // The id stands in the list of contacts only, as in hooks of early 2026.
    const message = whatsAppMessage({ ...ada, phone: null, scopedId: null }, text('hi'));
    expect(eventsOf(whatsAppHook(whatsAppMessages(number, { ...ada, phone: null }, [message])))[0]).toMatchObject({
      kind: 'message',
      sender: { phone: null, scopedId: 'US.111', name: 'Ada' },
    });
    expect(eventsOf(whatsAppHook(whatsAppChange(number, { messages: [message] })))[0]?.kind).toBe('other');
  });

  it('say which message is answered, and when it was written if that makes sense', () => {
    const at = (timestamp: unknown): InboundEvent | undefined =>
      first({ ...text('hi'), timestamp, context: { id: 'wamid.Q', from: '1' } });
    expect(at('1749416383')).toMatchObject({ replyTo: 'wamid.Q', sentAt: new Date(1_749_416_383_000) });
    for (const wrong of ['soon', '12', String(Math.floor(Date.now() / 1000) + 200_000), null, {}]) {
      expect(at(wrong)).toMatchObject({ kind: 'message', sentAt: null });
    }
  });

  it.each<[string, Json, string]>([
    ['text', text('Hello'), 'Hello'],
    ['button', { type: 'button', button: { text: 'Yes', payload: 'yes-1' } }, 'Yes'],
    [
      'a chosen button',
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: '1', title: 'Later' } } },
      'Later',
    ],
    [
      'a chosen row',
      {
        type: 'interactive',
        interactive: { type: 'list_reply', list_reply: { id: '1', title: 'Large', description: 'for six' } },
      },
      'Large: for six',
    ],
    [
      'a form',
      {
        type: 'interactive',
        interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', response_json: '{"a":1}' } },
      },
      '[Form: {"a":1}]',
    ],
    [
      'location',
      { type: 'location', location: { latitude: 52.5, longitude: 13.4, name: 'Shop', address: 'Main St 1' } },
      '[Location: Shop, Main St 1 (52.5, 13.4)]',
    ],
    [
      'contacts',
      { type: 'contacts', contacts: [{ name: { formatted_name: 'Bo' }, phones: [{ phone: '+49 30 1' }] }] },
      '[Contact: Bo, +49 30 1]',
    ],
    [
      'order',
      {
        type: 'order',
        order: {
          catalog_id: '1',
          text: 'soon please',
          product_items: [{ product_retailer_id: 'sku-1', quantity: '2', item_price: '3.5', currency: 'EUR' }],
        },
      },
      '[Order: 2 × sku-1 at 3.5 EUR] soon please',
    ],
    [
      'unsupported',
      { type: 'unsupported', errors: [{ code: 131051 }], unsupported: { type: 'poll_creation' } },
      '[The person sent a message of the kind "poll_creation" that cannot be read here.]',
    ],
    [
      'a type from the future',
      { type: 'hologram', hologram: { caption: 'Look', depth: 3 } },
      'Look [The person sent a message of the kind "hologram" that cannot be read here.]',
    ],
  ])('%s becomes words', (_name, content, expected) => {
    expect(first(content)).toMatchObject({ kind: 'message', text: expected, media: [] });
  });

  it.each<[string, Json, string, Json]>([
    ['image', { caption: 'My roof', mime_type: 'image/jpeg' }, 'My roof', { kind: 'image', contentType: 'image/jpeg' }],
    ['image', {}, '[Image]', { kind: 'image', contentType: null }],
    ['audio', { voice: true, mime_type: 'audio/ogg; codecs=opus' }, '[Voice message]', { kind: 'audio' }],
    ['video', {}, '[Video]', { kind: 'video' }],
    ['document', { filename: 'bill.pdf' }, '[Document: bill.pdf]', { kind: 'document', fileName: 'bill.pdf' }],
    ['sticker', { animated: true }, '[Sticker]', { kind: 'sticker' }],
  ])('%s %j is a file with words', (type, part, expected, media) => {
    expect(first({ type, [type]: { id: '1234', ...part } })).toMatchObject({
      kind: 'message',
      text: expected,
      media: [{ ref: '1234', ...media }],
    });
  });

  it.each<[string, Json]>([
    ['system', { type: 'system', system: { body: 'User A changed from 1 to 2', type: 'user_changed_number' } }],
    ['reaction', { type: 'reaction', reaction: { message_id: 'wamid.X', emoji: '👍' } }],
    ['unsupported', { type: 'unsupported', unsupported: { type: 'edit' } }],
    ['revoke', { type: 'revoke', revoke: { original_message_id: 'wamid.X' } }],
    ['group', { ...text('hi all'), group_id: 'abc' }],
    ['text', { type: 'text', text: { body: '  ' } }],
  ])('%s is never answered', (type, content) => {
    expect(first(content)).toMatchObject({ kind: 'other', type });
  });

  it('tell what became of a message, by our own id too', () => {
    const sent = {
      id: 'wamid.OUT',
      channel: 'whatsapp' as const,
      accountId: number.id,
      to: '15550001',
      type: 'text',
      text: '',
      callbackData: callbackDataOf(42),
      isDropped: false,
      at: 0,
      body: {},
    };
    expect(eventsOf(whatsAppStatus(sent, 'delivered'))).toEqual([
      {
        kind: 'status',
        externalId: 'wamid.OUT:delivered',
        messageExternalId: 'wamid.OUT',
        status: 'delivered',
        outboxId: 42,
        errorCode: null,
      },
    ]);
    expect(eventsOf(whatsAppStatus({ ...sent, callbackData: 'of somebody else' }, 'failed', 131026))[0]).toMatchObject({
      status: 'failed',
      outboxId: null,
      errorCode: 131026,
    });
    expect(eventsOf(whatsAppStatus(sent, 'played'))[0]).toMatchObject({ status: 'read' });
    expect(eventsOf(whatsAppStatus(sent, 'constructor'))[0]?.kind).toBe('other');
  });

  it('tell what colleagues wrote in the app', () => {
    expect(eventsOf(whatsAppEcho(number, ada, 'I take this one.'))).toEqual([
      expect.objectContaining({
        kind: 'echo',
        sender: { phone: '15550001', scopedId: 'US.111', name: null },
        text: 'I take this one.',
      }),
    ]);
    expect(eventsOf(whatsAppEcho(number, ada, '', { type: 'revoke', text: undefined }))[0]?.kind).toBe('other');
  });

  it('can have anything in them without harm', () => {
    const shaped = fc.constantFrom<Json>(
      whatsAppText(number, ada, 'hi'),
      whatsAppEcho(number, ada, 'hi'),
      whatsAppHook(whatsAppChange(number, { statuses: [{ id: 'a', status: 'sent' }] })),
    );
    // A correct hook of which one value was replaced by anything.
    const spoiled = fc.tuple(shaped, fc.nat(), fc.jsonValue({ maxDepth: 3 })).map(([hook, at, value]) => {
      let left = at % 40;
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

  it('are read in a moment, however many messages and contacts they have', () => {
    const people = Array.from({ length: 5000 }, (_, index) => aPerson({ phone: `1555${1000 + index}` }));
    const value = {
      contacts: people.map(({ phone, scopedId }) => ({ wa_id: phone, user_id: scopedId })),
      messages: people.map((person) => whatsAppMessage(person, text('hi'))),
    };
    const begun = cpuNow();
    expect(eventsOf(whatsAppHook(whatsAppChange(number, value)))).toHaveLength(5000);
    expect(cpuNow() - begun).toBeLessThan(5000);
  });

  it('are looked at as far as Meta fills them: a million statuses end nothing, and cost little', () => {
    const statuses = Array.from({ length: 1_000_000 }, () => ({}));
    const begun = cpuNow();
    const found = parseWhatsAppHook(whatsAppHook(whatsAppChange(number, { statuses })));
    expect(cpuNow() - begun).toBeLessThan(2000);
    expect(found.map(({ accountId, events }) => [accountId, events.length])).toEqual([[number.id, 5000]]);
  });

  it('are stored as the database takes them: no NUL, no half characters, no endless ids', () => {
    const message = whatsAppMessage(ada, text('a\u0000b\ud800'), { id: 'w'.repeat(5000) });
    const [event] = eventsOf(whatsAppHook(whatsAppMessages(number, ada, [message])));
    expect(event).toMatchObject({ kind: 'message', text: 'ab\ufffd' });
    expect(event?.externalId).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
