import { mayReadMetrics, type MetricsCaller } from './metrics-access';

const caller = (fields: Partial<MetricsCaller> = {}): MetricsCaller => ({
  ip: '127.0.0.1',
  authorization: undefined,
  isForwarded: false,
  ...fields,
});

describe('who may read /metrics', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('without a token: this machine (%s)', (ip) => {
    expect(mayReadMetrics(caller({ ip }), undefined)).toBe(true);
  });

  it.each(['10.0.0.1', '1.127.0.0', '::ffff:10.0.0.1', ''])('without a token: nobody else (%s)', (ip) => {
    expect(mayReadMetrics(caller({ ip }), undefined)).toBe(false);
  });

  it('without a token: nobody through a proxy on this machine', () => {
    expect(mayReadMetrics(caller({ isForwarded: true }), undefined)).toBe(false);
  });

  it('with a token: who sends it, from wherever, and nobody without', () => {
    const ip = '10.0.0.1';
    expect(mayReadMetrics(caller({ ip, authorization: 'Bearer right-token' }), 'right-token')).toBe(true);
    expect(mayReadMetrics(caller({ ip, authorization: 'Bearer wrong-token' }), 'right-token')).toBe(false);
    expect(mayReadMetrics(caller({ ip, authorization: 'right-token' }), 'right-token')).toBe(false);
    expect(mayReadMetrics(caller(), 'right-token')).toBe(false);
  });
});
