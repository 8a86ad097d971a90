import { PROVIDER_ERROR_CODES } from '../provider/provider.error';
import { fallbackText } from './fallback-text';

describe('fallbackText', () => {
  it.each(PROVIDER_ERROR_CODES)('has plain words for %s that name neither code, model nor key', (code) => {
    const text = fallbackText(code);
    expect(text.length).toBeGreaterThan(10);
    expect(text).not.toMatch(/UPSTREAM|openai|model|key|quota|token|HTTP|\d/i);
  });

  it('tells a person what to do by class', () => {
    expect(fallbackText('UPSTREAM.CUT')).toBe("I'm sorry, I can't answer right now. Please try again in a moment.");
    expect(fallbackText('UPSTREAM.CONTEXT_TOO_LONG')).toMatch(/shorter|new conversation/);
    expect(fallbackText('UPSTREAM.QUOTA_EXHAUSTED')).toMatch(/problem on our side/);
  });

  it('has words for a code it does not know', () => {
    expect(fallbackText('SOMETHING.ELSE')).toBe(fallbackText('UPSTREAM.TIMEOUT'));
  });
});
