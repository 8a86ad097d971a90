import { type ChatMessage, current, fromHistory, merged } from './messages';

const aMessage = (seq: number, more: Partial<ChatMessage> = {}): ChatMessage => ({
  ...fromHistory({
    role: 'assistant',
    content: `text ${seq}`,
    timestamp: '',
    messageId: seq,
    seq,
    status: 'completed',
  }),
  ...more,
});
const seqs = (messages: readonly ChatMessage[]): number[] => messages.map(({ seq }) => seq);

describe('messages of a chat', () => {
  it('are in order and each once, whatever came when', () => {
    expect(seqs(merged([aMessage(3), aMessage(1)], [aMessage(2), aMessage(3)]))).toEqual([1, 2, 3]);
    expect(merged([aMessage(1)], [aMessage(1, { text: 'newer' })])[0]?.text).toBe('newer');
  });

  it('of several replies to one message the last that counts is shown', () => {
    const replies = [
      aMessage(2, { repliesToId: 1 }),
      aMessage(3, { repliesToId: 1 }),
      aMessage(4, { repliesToId: 1, isCurrent: false, status: 'fallback' }),
    ];
    expect(seqs(current([aMessage(1), ...replies]))).toEqual([1, 3]);
    expect(seqs(current(replies.slice(2)))).toEqual([4]);
  });

  it('a role that is not known is shown as a notice', () => {
    expect(fromHistory({ role: 'weather', content: '', timestamp: '', messageId: 1, seq: 1, status: '' }).speaker).toBe(
      'notice',
    );
  });
});
