import { TurnWorkService } from '@app/conversations';
import { AppConfig } from '@app/platform';
import { RedactionService } from './redaction.service';

const SETTINGS = { types: ['phone' as const], custom: [] };
const serviceWith = (phoneCountries: string): RedactionService => {
  const config = new AppConfig({
    DATABASE_URL: 'postgres://u:p@127.0.0.1/x',
    SECRET_KEY: 'a-secret-of-at-least-32-characters-',
    ENCRYPTION_KEYS: `k1:${'0f'.repeat(32)}`,
    PII_PHONE_COUNTRY: phoneCountries,
  });
  return new RedactionService(config, Object.create(TurnWorkService.prototype) as TurnWorkService);
};

describe('redaction of a conversation', () => {
  it('a copy that was made before other countries were configured is not used any more', () => {
    const before = serviceWith('DE').signatureOf(SETTINGS);
    expect(serviceWith('DE').signatureOf(SETTINGS)).toBe(before);
    expect(serviceWith('DE,AT').signatureOf(SETTINGS)).not.toBe(before);
  });

  it('the conversation is searched for a placeholder only where a copy at the upstream may remember one', () => {
    const turn = { conversationId: 1, userSeq: 3 };
    const forged = '[PHONE_zzzzzz]';
    const redactions = serviceWith('');
    expect(redactions.forTurn(SETTINGS, { ...turn, openaiConversationId: 'conv_1' })!.isWorthLookingUp(forged)).toBe(
      true,
    );
    expect(redactions.forTurn(SETTINGS, { ...turn, openaiConversationId: null })!.isWorthLookingUp(forged)).toBe(false);
  });
});
