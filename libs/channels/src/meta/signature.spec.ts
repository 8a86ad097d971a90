import { aPerson, asMetaWrites, aWhatsAppNumber, signatureOf, whatsAppText } from '../../../../test/support/fake-graph';
import { isSignedBy } from './signature';

describe('the signature of a hook', () => {
  const { appSecret, ...number } = aWhatsAppNumber();
  const hook = whatsAppText(number, aPerson(), 'Grüße https://example.org 👋');
  const body = asMetaWrites(hook);
  const signature = signatureOf(body, appSecret);

  it('is of the bytes that came: the same JSON written anew is not signed', () => {
    expect(isSignedBy(body, signature, appSecret)).toBe(true);
    expect(isSignedBy(body, signature.toUpperCase().replace('SHA', 'sha'), appSecret)).toBe(true);
    expect(isSignedBy(Buffer.from(JSON.stringify(hook)), signature, appSecret)).toBe(false);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['doubled', [signature, signature]],
    ['of another secret', signatureOf(body, 'another')],
    ['without its prefix', signature.slice('sha256='.length)],
    ['cut', signature.slice(0, -1)],
    ['SHA-1', signature.replace('sha256', 'sha1')],
  ])('%s is none', (_name, header) => {
    expect(isSignedBy(body, header, appSecret)).toBe(false);
  });
});
