import { ar } from './ar';
import { de } from './de';
import { en } from './en';
import { es } from './es';
import { fr } from './fr';
import { codeOf } from './language';

const KNOWN = ['de', 'es', 'fr', 'ar'];

describe('the language of the page', () => {
  it('is the first wanted one that there is, else English', () => {
    expect(codeOf(['de-AT', 'en'], KNOWN)).toBe('de');
    expect(codeOf([null, undefined, 'xx', 'AR-eg', 'de'], KNOWN)).toBe('ar');
    expect(codeOf(['en-GB', 'de'], KNOWN)).toBe('en');
    expect(codeOf([], KNOWN)).toBe('en');
    expect(codeOf(['constructor'], KNOWN)).toBe('en');
  });

  it('has every text, with the numbers of the English one', () => {
    for (const texts of [de, es, fr, ar]) {
      for (const [name, text] of Object.entries(en)) {
        const other = texts[name as keyof typeof en];
        expect({ name, isThere: other.trim() !== '' }).toEqual({ name, isThere: true });
        expect({ name, hasNumber: other.includes('{n}') }).toEqual({ name, hasNumber: text.includes('{n}') });
      }
    }
  });
});
