import { cpuNow } from '../../../../test/support/cpu-time';
import { DEFAULT_SETTINGS } from '../core/channel-settings';
import type { ChannelAccess, HookRequest } from '../core/channel-adapter';
import type { MattermostCommands } from './mattermost-commands';
import { isReplyAddress, mattermostHooks, parseMattermostHook } from './mattermost-hooks';

const ID = 'a'.repeat(26);
const FIELDS = {
  post_id: ID,
  channel_id: 'b'.repeat(26),
  user_id: 'c'.repeat(26),
  text: 'ai: Hi',
  trigger_word: 'ai:',
};
const isQuestion = (text: string): boolean => text !== 'help';

const access = (credentials: Record<string, string>): ChannelAccess =>
  ({ channel: { settings: DEFAULT_SETTINGS }, credentials }) as unknown as ChannelAccess;
const form = (fields: Record<string, string>, headers = {}, purpose = 'outgoing'): HookRequest => ({
  purpose,
  body: Buffer.from(new URLSearchParams(fields).toString()),
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
});
const rules = mattermostHooks(undefined as unknown as MattermostCommands);
const parsed = (request: HookRequest) => parseMattermostHook(rules.read!(request), isQuestion);

describe('hooks of Mattermost', () => {
  it('a form and JSON tell the same', () => {
    const json: HookRequest = {
      body: Buffer.from(JSON.stringify({ ...FIELDS, timestamp: 1_795_262_400_000 })),
      headers: { 'content-type': 'application/json' },
    };
    expect(parsed(json)).toEqual(parsed(form({ ...FIELDS, timestamp: '1795262400' })));
    expect(parsed(json)).toMatchObject([
      { accountId: null, events: [{ kind: 'message', externalId: ID, partial: { trigger: 'ai:' } }] },
    ]);
  });

  it('the same command is the same event, and what needs no model is none', () => {
    const command = {
      ...FIELDS,
      text: 'Why?',
      trigger_id: 'x',
      team_domain: 'engineering',
      channel_name: 'releases',
      response_url: 'https://chat.example.com/hooks/commands/y',
    };
    const once = parsed(form(command, {}, 'command'));
    expect(parsed(form({ ...command, response_url: 'z' }, {}, 'command'))[0]!.events[0]!.externalId).toBe(
      once[0]!.events[0]!.externalId,
    );
    const told = { replyAddress: command.response_url, isPromised: true, placeName: 'engineering/releases' };
    expect(once).toMatchObject([{ events: [{ kind: 'message', text: 'Why?', ...told }] }]);
    expect(parsed(form({ ...command, text: 'help' }, {}, 'command'))).toMatchObject([{ events: [{ kind: 'other' }] }]);
  });

  it('junk is nothing', () => {
    for (const junk of [null, 7, 'x', [], {}, { purpose: 'command', fields: 7 }, { fields: { post_id: '../x' } }]) {
      expect(parseMattermostHook(junk, isQuestion)).toEqual([]);
    }
    expect(parsed(form({ ...FIELDS, post_id: '__proto__' }))).toEqual([]);
    expect(() => rules.read!({ body: Buffer.from('[1]'), headers: { 'content-type': 'application/json' } })).toThrow();
  });

  it('of a million fields some are read, in a moment', () => {
    const request: HookRequest = {
      body: Buffer.from(`post_id=${ID}&${'a&'.repeat(1_000_000)}`),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    const taken = [1, 2].map(() => {
      const begun = cpuNow();
      expect(rules.read!(request)).toMatchObject({ fields: { post_id: ID, a: '' } });
      return cpuNow() - begun;
    });
    // Without the garbage of other tests.
    expect(Math.min(...taken)).toBeLessThan(300);
  });

  it('only the token of the channel, for the purpose, opens it', () => {
    const channel = access({ webhook_token: 'hook-token', command_token: 'command-token' });
    const isSigned = (request: HookRequest): boolean => rules.isSigned(channel, request);
    expect(isSigned(form({ token: 'hook-token' }))).toBe(true);
    expect(isSigned(form({ token: 'command-token' }))).toBe(false);
    expect(isSigned(form({}, { authorization: 'Token hook-token' }))).toBe(false);
    expect(isSigned(form({}, { authorization: 'Token command-token' }, 'command'))).toBe(true);
    expect(isSigned(form({ token: 'command-token' }, {}, 'command'))).toBe(true);
    expect(isSigned(form({ token: '' }))).toBe(false);
    // A channel without a token takes none, not even an empty one.
    expect(rules.isSigned(access({}), form({ token: '' }))).toBe(false);
    expect(rules.isSigned(access({}), form({}))).toBe(false);
  });

  it.each([
    ['https://chat.example.com/sub/hooks/commands/x', true],
    ['https://chat.example.com/sub/hooks/commands/../../api/v4/posts', false],
    ['https://chat.example.com/hooks/commands/x', false],
    ['http://chat.example.com/sub/hooks/commands/x', false],
    ['https://chat.example.com:8065/sub/hooks/commands/x', false],
    ['https://chat.example.com.evil.example/sub/hooks/commands/x', false],
    ['https://user@chat.example.com/sub/hooks/commands/x', false],
    ['nonsense', false],
  ])('answers go to %s: %s', (address, expected) => {
    expect(isReplyAddress(access({ url: 'https://chat.example.com/sub' }), address)).toBe(expected);
  });
});
