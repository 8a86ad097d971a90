import { judge, readFacts } from './server-facts';

const info = (fields: Record<string, string>): string =>
  `# Server\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}:${value}`)
    .join('\r\n')}\r\n`;
const verdictOn = (fields: Record<string, string>, mode: 'standalone' | 'cluster' = 'standalone') =>
  judge(readFacts(info(fields)), mode);

describe('judging a Redis server', () => {
  it.each([
    ['a current Redis', { redis_version: '8.2.1', maxmemory_policy: 'noeviction', role: 'master' }],
    ['a Valkey, which calls itself Redis 7.2 too', { redis_version: '7.2.4', valkey_version: '9.0.0' }],
    ['a server that hides what it is', {}],
  ])('%s is fine', (_what, fields) => {
    expect(verdictOn(fields as Record<string, string>)).toEqual({ refusal: undefined, warnings: [] });
  });

  it('one that is too old for BullMQ is refused, and the way out is named', () => {
    expect(verdictOn({ redis_version: '4.0.14' }).refusal).toMatch(/Redis 4\.0\.14 is too old: 5\.0 .+QUEUE_URL/);
  });

  it('an old one, one that evicts, and a replica are warned of', () => {
    const { refusal, warnings } = verdictOn({
      redis_version: '6.0.16',
      maxmemory_policy: 'volatile-lru',
      role: 'slave',
    });
    expect(refusal).toBeUndefined();
    expect(warnings.join('\n')).toMatch(/volatile-lru.+noeviction[^]+6\.2[^]+replica/);
  });

  it('a sentinel, and a server that does not fit the kind of URL, are refused', () => {
    expect(verdictOn({ redis_mode: 'sentinel' }).refusal).toContain('redis+sentinel://');
    expect(verdictOn({ cluster_enabled: '1' }).refusal).toContain('redis+cluster://');
    expect(verdictOn({ cluster_enabled: '0' }, 'cluster').refusal).toContain('redis://');
  });
});
