import { AppConfig, DecryptionError, FieldCipher } from '@app/platform';
import { VisitorDataCipher } from './visitor-data.service';

const cipher = new FieldCipher(
  new AppConfig({
    DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/parley',
    SECRET_KEY: 'x'.repeat(40),
    ENCRYPTION_KEYS: `k1:${'0f'.repeat(32)}`,
  }),
);
const visitors = new VisitorDataCipher(cipher);
const data = { userId: 'user123', isProven: true, metadata: { name: 'Ann', plan: ['pro'] } };

describe('what a host site says of a visitor', () => {
  it('is kept unreadable, and comes back as it was', () => {
    const visitorData = visitors.seal(7, data);
    expect(visitorData).not.toContain('Ann');
    expect(visitors.open({ id: 7, visitorData })).toEqual(data);
    expect(visitors.open({ id: 7, visitorData: null })).toBeNull();
  });

  it('cannot be moved to another session', () => {
    expect(() => visitors.open({ id: 8, visitorData: visitors.seal(7, data) })).toThrow(DecryptionError);
  });
});
