import { describeRedis, parseRedisUrl } from './redis-url';

describe('parseRedisUrl', () => {
  it.each([
    ['redis://cache', { mode: 'standalone', nodes: [{ host: 'cache', port: 6379 }], isTls: false, database: 0 }],
    ['redis://[::1]:7000/3', { nodes: [{ host: '::1', port: 7000 }], database: 3 }],
    ['rediss://user:p%40ss%2F@cache:6380/', { isTls: true, username: 'user', password: 'p@ss/', database: 0 }],
    ['redis://:secret@cache', { username: undefined, password: 'secret' }],
    ['valkeys://cache', { mode: 'standalone', isTls: true }],
    [
      'redis+sentinel://:data@one,two:26380/mymaster/2?sentinel_username=watch&sentinel_password=s%26t',
      {
        mode: 'sentinel',
        nodes: [
          { host: 'one', port: 26_379 },
          { host: 'two', port: 26_380 },
        ],
        password: 'data',
        database: 2,
        sentinel: { master: 'mymaster', username: 'watch', password: 's&t' },
      },
    ],
    [
      'rediss+cluster://user:secret@one:7000,two:7001',
      { mode: 'cluster', isTls: true, username: 'user', password: 'secret', sentinel: undefined },
    ],
  ])('reads %s', (url, expected) => {
    expect(parseRedisUrl(url)).toMatchObject(expected);
  });

  it.each([
    ['redis://', 'host or port'],
    ['redis://cache:0', 'host or port'],
    ['redis://cache:70000', 'host or port'],
    ['redis://:hunter2/x@cache', '%2F'],
    ['redis://:hunter2%zz@cache', '%25'],
    ['redis://hunter2@cache', 'no password'],
    ['redis://one,two', 'redis+cluster://'],
    ['redis://cache/hunter2', 'path'],
    ['redis://cache/0/1', 'path'],
    ['redis://cache?hunter2=1', '%3F'],
    ['redis+sentinel://one', 'name under which'],
    ['redis+sentinel://one/mymaster?password=hunter2', 'sentinel_password'],
    ['redis+cluster://one/1', 'numbered database'],
    ['redis+hunter2://one', 'redis+sentinel://'],
  ])('refuses %s with the fix and without repeating what may be secret', (url, part) => {
    let message = '';
    try {
      parseRedisUrl(url);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(part);
    expect(message).not.toContain('hunter2');
  });

  it('describes a target without its passwords', () => {
    const text = describeRedis(
      parseRedisUrl('rediss+sentinel://user:hunter2@one,[::1]:5/mymaster/2?sentinel_password=hunter3'),
    );
    expect(text).toBe('rediss+sentinel://one:26379,[::1]:5/mymaster/2');
  });
});
