import { saidIn } from './turn-endings';

const turn = (userSeq: number, user: string | null, reply: string | null = null) => ({
  turnId: userSeq,
  userSeq,
  user,
  reply,
});

describe('what was said in a turn', () => {
  it('has the messages that are answered together with it, and none from before', () => {
    const history = [turn(1, 'This is urgent', 'Tell me.'), turn(3, 'My order'), turn(4, null), turn(5, 'is late')];
    expect(saidIn({ history, userSeq: 6, content: 'Refund me' })).toBe('My order\nis late\nRefund me');
    expect(saidIn({ history: history.slice(0, 2), userSeq: 5, content: 'Hello?' })).toBe('Hello?');
    expect(saidIn({ history: [], userSeq: 1, content: 'Hi' })).toBe('Hi');
  });
});
