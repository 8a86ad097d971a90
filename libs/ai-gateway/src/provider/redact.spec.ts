import { withoutQuotes } from './redact';

describe('what a log says of a complaint', () => {
  it('has nothing of what it quotes of the prompt, and the rest', () => {
    const prompt = ['My friend\nDana lives in Springfield.', 'ok'];
    expect(withoutQuotes("HTTP 400 · Invalid input: 'My friend Dana lives in Springfield.' is no number", prompt)).toBe(
      "HTTP 400 · Invalid input: '…' is no number",
    );
    expect(withoutQuotes('HTTP 400 · ok: the model is away', prompt)).toBe('HTTP 400 · ok: the model is away');
  });
});
