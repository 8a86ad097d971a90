import { type Answer, Client, type Problem } from '../support/client';
import { newId } from '../support/fake-mattermost';
import { MattermostFleet, type OpenMattermost } from '../support/mattermost-fleet';
import { startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';

interface ChannelView {
  id: number;
  account_id: string;
  settings: Record<string, unknown>;
  webhook_path: string;
  command_path: string | null;
}

interface Check {
  is_working: boolean;
  findings: { name: string; is_ok: boolean; detail: string }[];
}

const PROMPT = { channel: 'engineering/releases', prompt: 'You help with releases.' };
const PROVIDER = { name: 'weather', url: 'https://example.com/weather?q={text}' };

describe('channels of Mattermost', () => {
  const fleet = new MattermostFleet();
  const { mattermost } = fleet;
  let owner: Client;
  let persona: number;

  beforeAll(async () => {
    await fleet.start({ LOG_LEVEL: 'trace' });
  });
  afterAll(() => fleet.stop());
  beforeEach(async () => {
    fleet.reset();
    owner = await Client.register(() => fleet.parley.url);
    persona = await owner.persona({ visibility: 'workspace' });
  });

  const create = (change: {
    credentials?: Record<string, unknown>;
    settings?: Record<string, unknown>;
  }): Promise<Answer<ChannelView & Problem>> =>
    owner.request('POST', '/channels', {
      type: 'mattermost',
      name: 'Colleagues',
      persona_id: persona,
      credentials: { url: 'https://chat.example.com', bot_token: newId(), ...change.credentials },
      ...(change.settings === undefined ? {} : { settings: change.settings }),
    });
  const check = async (channel: Pick<OpenMattermost, 'id' | 'owner'>): Promise<Check> =>
    (await channel.owner.request<Check>('POST', `/channels/${channel.id}/check`)).body;
  const found = ({ findings }: Check, name: string) => findings.find((one) => one.name === name);

  it('an owner makes one with the address of the server and the token of the bot; no token is ever shown', async () => {
    const bot_token = newId();
    const credentials = { url: 'https://Chat.Example.com:8443/team/', bot_token, webhook_token: newId() };
    const { status, body } = await create({ credentials, settings: { channel_prompts: [PROMPT] } });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        account_id: 'https://chat.example.com:8443/team',
        webhook_path: `/webhooks/mattermost/${body.id}/outgoing`,
        command_path: `/webhooks/mattermost/${body.id}/command`,
        settings: {
          debounce_ms: 0,
          opt_out_words: [],
          triggers: ['@aibot', 'ai:'],
          allowed_channels: [],
          channel_prompts: [PROMPT],
          context_posts: 20,
          context_providers: [],
          allow_private_network: false,
        },
      },
    });
    const changed = await owner.request('PATCH', `/channels/${body.id}`, {
      settings: { triggers: ['hey ai', 'assistant'], context_providers: [PROVIDER] },
      credentials: { command_token: newId(), webhook_token: '' },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        settings: { triggers: ['hey ai', 'assistant'], context_providers: [PROVIDER], channel_prompts: [PROMPT] },
      },
    });
    const read = await owner.request('GET', `/channels/${body.id}`);
    expect(JSON.stringify([body, changed.body, read.body])).not.toContain(bot_token);
    expect(fleet.parley.log()).not.toContain(bot_token);
    expect(await create({ credentials: { url: 'https://chat.example.com:8443/team' } })).toMatchObject({ status: 409 });
  });

  it.each([
    [{ url: 'chat.example.com' }, 'credentials.url'],
    [{ url: 'ftp://chat.example.com' }, 'credentials.url'],
    [{ url: 'https://user:pass@chat.example.com' }, 'credentials.url'],
    [{ url: 'https://chat.example.com/?a=b' }, 'credentials.url'],
    [{ url: `https://chat.example.com/${'x'.repeat(300)}` }, 'credentials.url'],
    [{ url: 'http://chat.example.com' }, 'credentials.url'],
    [{ bot_token: '' }, 'credentials.bot_token'],
    [{ bot_token: 'with a space in it' }, 'credentials.bot_token'],
    [{ webhook_token: 'short' }, 'credentials.webhook_token'],
    [{ command_token: 'x'.repeat(201) }, 'credentials.command_token'],
    [{ context_token: 'ü'.repeat(20) }, 'credentials.context_token'],
    [{ access_token: newId() }, 'credentials.access_token'],
  ])('refuses credentials %j and names %s', async (credentials, field) => {
    expect(await create({ credentials })).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it.each([
    [{ triggers: [''] }, 'settings.triggers'],
    [{ triggers: ['x'.repeat(41)] }, 'settings.triggers'],
    [{ triggers: Array.from({ length: 21 }, (_, index) => `w${index}`) }, 'settings.triggers'],
    [{ allowed_channels: ['town square'] }, 'settings.allowed_channels'],
    [{ channel_prompts: [{ channel: 'a/b', prompt: 'x'.repeat(4001) }] }, 'settings.channel_prompts.0.prompt'],
    [{ channel_prompts: [PROMPT, PROMPT] }, 'settings.channel_prompts'],
    [{ context_posts: 101 }, 'settings.context_posts'],
    [{ context_providers: [{ ...PROVIDER, url: 'file:///etc/passwd' }] }, 'settings.context_providers.0.url'],
    [{ context_providers: [{ ...PROVIDER, url: 'https://{text}.example.com/' }] }, 'settings.context_providers.0.url'],
    [{ context_providers: [{ ...PROVIDER, timeout_ms: 99 }] }, 'settings.context_providers.0.timeout_ms'],
    [{ context_providers: [PROVIDER, PROVIDER] }, 'settings.context_providers'],
    [{ allow_private_network: 'yes' }, 'settings.allow_private_network'],
  ])('refuses settings %j and names %s', async (settings, field) => {
    expect(await create({ settings })).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it('other kinds of channels do not have its settings', async () => {
    const credentials = {
      phone_number_id: '106540352242922',
      access_token: `EAA${newId()}`,
      app_secret: newId(),
      verify_token: newId(),
    };
    const body = { type: 'whatsapp', name: 'Support', persona_id: persona, credentials };
    const made = await owner.request<ChannelView>('POST', '/channels', body);
    expect(Object.keys(made.body.settings)).not.toContain('triggers');
    expect(made.body.command_path).toBeNull();
    for (const settings of [{ triggers: ['ai:'] }, { context_posts: 3 }, { allow_private_network: false }]) {
      const field = `settings.${Object.keys(settings)[0]}`;
      const answers = [
        await owner.request('POST', '/channels', { ...body, settings }),
        await owner.request('PATCH', `/channels/${made.body.id}`, { settings }),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    }
  });

  it('a private network is for channels that say so, on servers whose operator allows it, and http for those only', async () => {
    const channel = await fleet.open({}, { hooks: null });
    const off = await channel.owner.request('PATCH', `/channels/${channel.id}`, {
      settings: { allow_private_network: false },
    });
    expect(off).toMatchObject({ status: 422, body: { errors: [{ field: 'credentials.url' }] } });
    const closed = await startParley({ MATTERMOST_ALLOW_PRIVATE_NETWORK: 'false' });
    try {
      const other = await Client.register(() => closed.url);
      const answer = await other.request('POST', '/channels', {
        type: 'mattermost',
        name: 'Colleagues',
        persona_id: await other.persona({ visibility: 'workspace' }),
        credentials: { url: mattermost.url, bot_token: newId() },
        settings: { allow_private_network: true },
      });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'settings.allow_private_network' }] } });
    } finally {
      await closed.stop();
    }
  });

  describe('trying one out', () => {
    it('says who the bot is, where it is, and what it answers to', async () => {
      const channel = await fleet.open();
      const checked = await check(channel);
      expect(checked.is_working).toBe(true);
      expect(found(checked, 'bot')?.detail).toContain(`@${channel.bot.username}`);
      expect(found(checked, 'teams')?.detail).toContain(channel.team.name);
      expect(found(checked, 'triggers')?.detail).toContain('ai:');
      expect(found(checked, 'webhook')).toMatchObject({
        is_ok: false,
        detail: expect.stringContaining(`/webhooks/mattermost/${channel.id}/outgoing`) as string,
      });
      expect(JSON.stringify(checked)).not.toContain(channel.bot.token);
    });

    it('says what is missing: a token, a bot, a team, a channel', async () => {
      const channel = await fleet.open();
      const change = (fields: Record<string, unknown>) =>
        channel.owner.request('PATCH', `/channels/${channel.id}`, fields);
      const elsewhere = mattermost.addChannel({ team: channel.team });
      const allowed_channels = [elsewhere.id, `${channel.team.name}/${channel.room.name}`, 'no/such'];
      await change({ settings: { allowed_channels }, credentials: { webhook_token: '', command_token: '' } });
      const apart = await check(channel);
      expect(apart.is_working).toBe(false);
      expect(found(apart, 'allowed_channels')?.detail).toContain(`is not in ${elsewhere.id}, no/such,`);
      expect(found(apart, 'webhook_token')?.detail).toContain('not set');
      expect(found(apart, 'command_token')?.detail).toContain('not set');

      await change({ credentials: { bot_token: mattermost.addToken(channel.person) } });
      expect(found(await check(channel), 'bot')).toMatchObject({ is_ok: false });

      const lonely = mattermost.addBot({ username: `lonely-${newId().slice(0, 6)}` });
      await change({ settings: { allowed_channels: [] }, credentials: { bot_token: lonely.token } });
      expect(found(await check(channel), 'teams')).toMatchObject({ is_ok: false });

      await change({ credentials: { bot_token: newId() } });
      expect(await check(channel)).toMatchObject({
        is_working: false,
        findings: expect.arrayContaining([
          {
            name: 'credentials',
            is_ok: false,
            detail: expect.stringContaining('does not take the bot token') as string,
          },
        ]) as unknown,
      });
    });

    it('a server that is away, or is none of Mattermost, is a finding', async () => {
      const channel = await fleet.open();
      mattermost.failNext({ path: /\/users\/me$/, status: 'reset', times: 3 });
      expect(found(await check(channel), 'connection')).toMatchObject({ is_ok: false });
      mattermost.heal();
      mattermost.failNext({ path: /\/users\/me$/, status: 'html' });
      expect(found(await check(channel), 'connection')?.detail).toContain('is not Mattermost');
    });
  });

  it('one of the environment is set up, and follows its tokens and the switch for private networks', async () => {
    const bot = mattermost.addBot({ username: `envbot-${newId().slice(0, 6)}` });
    const settings = {
      ...fleet.parley.settings,
      MATTERMOST_URL: `${mattermost.url}/`,
      MATTERMOST_TOKEN: bot.token,
      BOT_USERNAME: bot.username,
    };
    const rows = async () =>
      (
        await fleet.sql.query<{ settings: Record<string, unknown>; credentials: string }>(
          'SELECT c.settings, c.credentials FROM channels c JOIN workspaces w ON w.id = c.workspace_id AND w.is_default WHERE c.account_id = $1',
          [mattermost.url],
        )
      ).rows;
    const first = await ParleyProcess.start('worker', settings);
    const [made] = await eventually(async () => {
      const all = await rows();
      return all.length > 0 ? all : undefined;
    }, 'the channel to be set up');
    expect(made!.settings).toEqual({ triggers: [`@${bot.username}`, 'ai:'], allow_private_network: true });
    await first.kill();
    await fleet.sql.query(
      `UPDATE channels SET settings = '{"triggers": ["hey"], "allow_private_network": false}' WHERE account_id = $1`,
      [mattermost.url],
    );
    const second = await ParleyProcess.start('worker', { ...settings, MATTERMOST_WEBHOOK_TOKEN: newId() });
    await second.kill();
    const [after] = await rows();
    expect(after!.settings).toEqual({ triggers: ['hey'], allow_private_network: true });
    expect(after!.credentials).not.toBe(made!.credentials);
    const wrong = await ParleyProcess.start('worker', { ...settings, MATTERMOST_WEBHOOK_TOKEN: 'short' });
    await eventually(() => wrong.log.includes('MATTERMOST_WEBHOOK_TOKEN') || undefined, 'the log to name the variable');
    expect(wrong.log).not.toContain('"short"');
    await wrong.kill();
  });
});
