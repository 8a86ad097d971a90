import { canSend, type SendQuestion } from './can-send';

const HOUR_MS = 3_600_000;
const question = (change: Partial<SendQuestion> = {}): SendQuestion => ({
  messageId: 1,
  author: 'assistant',
  kind: 'text',
  owner: 'ai',
  isAiStopped: false,
  isOptedOut: false,
  quietMs: 1000,
  isChannelEnabled: true,
  problemCode: null,
  isGone: false,
  isFromBefore: false,
  window: { windowMs: 24 * HOUR_MS, hasTemplates: true },
  hasTemplate: false,
  ...change,
});

describe('whether something may be sent', () => {
  it('a reply to somebody who has just written may', () => {
    expect(canSend(question())).toEqual({ kind: 'send', as: 'text' });
  });

  it.each<[string, Partial<SendQuestion>, ReturnType<typeof canSend>]>([
    ['it was deleted meanwhile', { isGone: true }, { kind: 'skip', reason: 'deleted' }],
    ['the channel is switched off', { isChannelEnabled: false }, { kind: 'skip', reason: 'channel-off' }],
    ['people have the conversation', { owner: 'human' }, { kind: 'skip', reason: 'people-answer' }],
    ['people had the conversation since', { isFromBefore: true }, { kind: 'skip', reason: 'people-answer' }],
    ['an echo has stopped the AI', { isAiStopped: true }, { kind: 'skip', reason: 'people-answer' }],
    ['the person wants no messages', { isOptedOut: true }, { kind: 'skip', reason: 'opted-out' }],
    ['the credentials are refused', { problemCode: 'CHANNEL.TOKEN_REFUSED' }, { kind: 'wait' }],
    ['the window is closed', { quietMs: 24 * HOUR_MS }, { kind: 'give-up', reason: 'window-closed' }],
    ['the person has never written', { quietMs: null }, { kind: 'give-up', reason: 'window-closed' }],
  ])('not when %s', (_name, change, decision) => {
    expect(canSend(question(change))).toEqual(decision);
  });

  it('what people and notices say may while people have the conversation', () => {
    for (const author of ['agent', 'system'] as const) {
      expect(canSend(question({ author, owner: 'human', isAiStopped: true }))).toEqual({ kind: 'send', as: 'text' });
    }
  });

  it('somebody who wants no messages is told so, and nothing else', () => {
    const optedOut = { author: 'system', isOptedOut: true } as const;
    expect(canSend(question({ ...optedOut, messageId: null }))).toEqual({ kind: 'send', as: 'text' });
    expect(canSend(question(optedOut))).toEqual({ kind: 'skip', reason: 'opted-out' });
  });

  it('a template takes the place of a text when the window is closed, where there are any', () => {
    const closed = { quietMs: 25 * HOUR_MS, hasTemplate: true };
    expect(canSend(question(closed))).toEqual({ kind: 'send', as: 'template' });
    const without = { windowMs: 24 * HOUR_MS, hasTemplates: false };
    expect(canSend(question({ ...closed, window: without }))).toEqual({ kind: 'give-up', reason: 'window-closed' });
    expect(canSend(question({ quietMs: 1, hasTemplate: true }))).toEqual({ kind: 'send', as: 'text' });
  });

  it('what the other system has refused as too late is not sent as text again', () => {
    expect(canSend(question({ kind: 'template', hasTemplate: true }))).toEqual({ kind: 'send', as: 'template' });
  });

  it('a channel without a window always may', () => {
    expect(canSend(question({ quietMs: null, window: { windowMs: null, hasTemplates: false } }))).toEqual({
      kind: 'send',
      as: 'text',
    });
  });
});
