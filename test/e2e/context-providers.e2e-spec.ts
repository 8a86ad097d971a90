import { backgroundIn, saidIn } from '../support/background';
import { FakeLookups } from '../support/fake-lookups';
import type { LoggedRequest } from '../support/fake-openai';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { eventually } from '../support/process';

interface Warning {
  msg?: string;
  channel_id?: number;
  provider?: string;
  reason?: string;
}

describe('context providers', () => {
  const fleet = new MattermostFleet();
  const lookups = new FakeLookups();
  const other = new FakeLookups();
  const { upstream } = fleet;

  beforeAll(async () => {
    await lookups.start();
    await other.start();
    await fleet.start(lookups.env);
  });
  afterAll(async () => {
    await fleet.stop();
    await lookups.stop();
    await other.stop();
  });
  afterEach(() => fleet.quiet());
  beforeEach(() => {
    fleet.reset();
    lookups.asked.splice(0);
  });

  const open = (providers: object[], credentials = {}): Promise<OpenMattermost> =>
    fleet.open(
      // Enough for a busy machine.
      { context_providers: providers.map((provider) => ({ timeout_ms: 10_000, ...provider })), context_posts: 0 },
      { credentials },
    );
  /** The request that a question became. */
  const ask = async (channel: OpenMattermost, question: string): Promise<LoggedRequest> => {
    fleet.say(channel, `ai: ${question}`);
    return eventually(
      () => upstream.requests.find(({ lastUserMessage }) => lastUserMessage === question),
      `the model to be asked: ${question}`,
      60_000,
    );
  };
  /** What the log says of the channel's providers. */
  const warnings = ({ id }: OpenMattermost, count: number): Promise<Warning[]> =>
    eventually(() => {
      const said = warningsOf(id);
      return said.length >= count ? said : undefined;
    }, `${count} warnings`);
  const warningsOf = (id: number): Warning[] =>
    fleet.parley
      .log()
      .split('\n')
      .filter((line) => line.includes('a context provider was not used'))
      .map((line) => JSON.parse(line) as Warning)
      .filter(({ channel_id }) => channel_id === id);

  it('what they say enters as data, with who and what was asked about in the address', async () => {
    const channel = await open([
      { name: 'weather', url: `${lookups.url}/find?q={text}&by={user}&in={channel}` },
      { name: 'numbers', url: `${lookups.url}/json` },
    ]);
    const request = await ask(channel, 'rain & wind?');
    expect(backgroundIn(request)).toEqual({
      weather: expect.stringMatching(/^you asked rain & wind\? /) as string,
      numbers: expect.stringContaining('"temperature":12') as string,
    });
    expect(saidIn(request)).toEqual(['rain & wind?']);
    expect(lookups.asked.map(({ path }) => path)).toContain(
      `/find?q=rain%20%26%20wind%3F&by=${channel.person.username}&in=${channel.room.id}`,
    );
    expect(JSON.stringify(request.body.input).match(/<\/background>/g)).toHaveLength(1);
  });

  it('a result is used again for as long as the settings say', async () => {
    const channel = await open([
      { name: 'kept', url: `${lookups.url}/kept`, cache_seconds: 600 },
      { name: 'asked', url: `${lookups.url}/asked`, cache_seconds: 0 },
    ]);
    await ask(channel, 'first?');
    await ask(channel, 'second?');
    const paths = lookups.asked.map(({ path }) => path);
    expect(paths.filter((path) => path === '/kept')).toHaveLength(1);
    expect(paths.filter((path) => path === '/asked')).toHaveLength(2);
  });

  it('the token goes to those that are to have it, and not along a redirect to another server', async () => {
    const elsewhere = lookups.redirectTo(`${other.url}/away`);
    const channel = await open(
      [
        { name: 'with', url: `${lookups.url}/with`, send_token: true },
        { name: 'without', url: `${lookups.url}/without` },
        { name: 'away', url: elsewhere, send_token: true },
      ],
      { context_token: 'a-token-for-providers' },
    );
    const told = backgroundIn(await ask(channel, 'token?'));
    expect(Object.keys(told)).toEqual(['with', 'without', 'away']);
    const tokenOf = (path: string): string | undefined =>
      lookups.asked.find((asked) => asked.path.startsWith(path))?.authorization;
    expect(tokenOf('/without')).toBeUndefined();
    expect(tokenOf('/redirect')).toBe('Bearer a-token-for-providers');
    expect(other.asked).toMatchObject([{ path: '/away', authorization: undefined }]);
    expect(tokenOf('/with')).toBe('Bearer a-token-for-providers');
    expect(fleet.parley.log()).not.toContain('a-token-for-providers');
  });

  it('redirects are followed three times', async () => {
    const channel = await open([
      { name: 'three', url: `${lookups.url}/hops?left=3` },
      { name: 'four', url: `${lookups.url}/hops?left=4` },
    ]);
    expect(backgroundIn(await ask(channel, 'hops?'))).toEqual({ three: 'arrived' });
    expect(await warnings(channel, 1)).toMatchObject([{ provider: 'four', reason: 'it redirects more than 3 times' }]);
  });

  const PRIVATE = [
    'http://127.0.0.1',
    'http://2130706433',
    'http://0x7f.1',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0.0.0.0',
    'http://localhost',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[64:ff9b::7f00:1]',
    'http://169.254.169.254',
    'http://10.0.0.1',
    'http://192.168.0.1',
    'http://[fd00::1]',
  ];
  const inFives = Array.from({ length: PRIVATE.length / 5 }, (_, index) => PRIVATE.slice(5 * index, 5 * index + 5));

  it.each(inFives)('private addresses are not asked, whatever their notation: %s %s %s %s %s', async (...hosts) => {
    const channel = await open(hosts.map((host, index) => ({ name: `p${index}`, url: `${host}:${lookups.port}/` })));
    const request = await ask(channel, 'private?');
    expect(backgroundIn(request)).toEqual({});
    expect(lookups.asked).toEqual([]);
    const said = await warnings(channel, 5);
    expect(said.map(({ provider }) => provider).sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    for (const { reason } of said) expect(reason).toContain('a server on the public internet');
    await fleet.answers(channel);
  });

  it.each(inFives)('nor are they along a redirect: %s %s %s %s %s', async (...hosts) => {
    const channel = await open(
      hosts.map((host, index) => ({ name: `p${index}`, url: lookups.redirectTo(`${host}:${lookups.port}/stolen`) })),
    );
    const request = await ask(channel, 'redirected?');
    expect(backgroundIn(request)).toEqual({});
    expect(lookups.asked).toHaveLength(5);
    expect(lookups.asked.every(({ path }) => path.startsWith('/redirect'))).toBe(true);
    const said = await warnings(channel, 5);
    expect(said).toHaveLength(5);
    for (const { reason } of said) expect(reason).toContain('a server on the public internet');
    await fleet.answers(channel);
  });

  it('slow, huge and unreadable answers are left out, with a message in the log that says nothing of theirs', async () => {
    const providers = [
      { name: 'never', url: `${lookups.url}/never?key=in-the-query`, timeout_ms: 200 },
      { name: 'stalls', url: `${lookups.url}/slow-body`, timeout_ms: 200 },
      { name: 'huge', url: `${lookups.url}/huge` },
      { name: 'endless', url: `${lookups.url}/endless` },
      { name: 'picture', url: `${lookups.url}/picture` },
    ];
    const channel = await open(providers);
    expect(backgroundIn(await ask(channel, 'bad?'))).toEqual({});
    await fleet.answers(channel);
    const reasons = Object.fromEntries(
      (await warnings(channel, 5)).map(({ provider, reason }) => [provider ?? '', reason]),
    ) as Record<string, string>;
    expect(reasons).toEqual({
      never: expect.stringContaining('no answer within') as string,
      stalls: expect.stringContaining('no answer within') as string,
      huge: 'its answer is longer than 65536 bytes',
      endless: 'its answer is longer than 65536 bytes',
      picture: 'it answered with something else than text or JSON',
    });
    expect(fleet.parley.log()).not.toContain('in-the-query');
  });

  it('one that fails leaves out nothing but itself; what it says then is not told', async () => {
    const channel = await open([
      { name: 'broken', url: `${lookups.url}/broken` },
      { name: 'long', url: `${lookups.url}/long` },
    ]);
    const told = backgroundIn(await ask(channel, 'partly?'));
    expect(told).toEqual({ long: 'y'.repeat(4000) });
    expect(await warnings(channel, 1)).toMatchObject([{ provider: 'broken', reason: 'it answered 500' }]);
    expect(fleet.parley.log()).not.toContain('secret of the server');
  });

  it('the server of the channel may be private, and providers may not all the same', async () => {
    // The channel of every test here is one: its Mattermost is at 127.0.0.1.
    const channel = await open([{ name: 'own', url: `${fleet.mattermost.url}/api/v4/system/ping` }]);
    expect(backgroundIn(await ask(channel, 'own?'))).toEqual({});
    expect(await warnings(channel, 1)).toHaveLength(1);
  });
});
