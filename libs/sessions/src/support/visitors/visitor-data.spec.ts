import { FieldReader, Metrics } from '@app/platform';
import { cipherOf, silentLogger } from '../../../../../test/support/encryption';
import { VisitorDataCipher } from './visitor-data.service';

const metrics = new Metrics();
const cipher = cipherOf('test');
const visitors = new VisitorDataCipher(cipher, new FieldReader(cipher, metrics, silentLogger()));
const data = { userId: 'user123', isProven: true, metadata: { name: 'Ann', plan: ['pro'] } };

describe('what a host site says of a visitor', () => {
  it('is kept unreadable, and comes back as it was', () => {
    const visitorData = visitors.seal(7, data);
    expect(visitorData).not.toContain('Ann');
    expect(visitors.open({ id: 7, visitorData })).toEqual(data);
    expect(visitors.open({ id: 7, visitorData: null })).toBeNull();
  });

  it('cannot be moved to another session: it is read as nothing there, and counted', async () => {
    expect(visitors.open({ id: 8, visitorData: visitors.seal(7, data) })).toBeNull();
    expect(await metrics.text()).toMatch(/parley_decryption_failures_total\{.*\} 1/);
  });
});
