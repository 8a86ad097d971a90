import type { MattermostCall } from './call-log';
import type { Delay, Fault } from './faults';
import { FakeServer } from './fake-server';
import { newId } from './ids';
import type { HookAnswer } from './outgoing-hooks';
import type {
  ChannelType,
  FakeChannel,
  FakeCommand,
  FakeEphemeral,
  FakeFile,
  FakeOutgoingHook,
  FakePost,
  FakeTeam,
  FakeUser,
} from './records';
import { makeCommand, makeHook } from './routes/integrations';
import { type CommandRun, runCommand } from './slash-commands';
import { postJson } from './wire';

/** Something of the fake, or its id. */
type Ref = string | { id: string };
const idOf = (ref: Ref): string => (typeof ref === 'string' ? ref : ref.id);

export interface PostInput {
  channel: Ref;
  user: Ref;
  message: string;
  /** The post that it answers. */
  root?: Ref;
  props?: Record<string, unknown>;
  /** `system_…` for what Mattermost says itself. */
  type?: string;
  fileIds?: string[];
  /** Epoch milliseconds; now by default. */
  createAt?: number;
}

/**
 * A fake Mattermost 11 over HTTP and WebSocket. It takes what Mattermost takes, refuses what Mattermost refuses with Mattermost's own bodies, sends
 * outgoing webhooks and slash commands, remembers every call, and misbehaves on demand.
 */
export class FakeMattermost {
  /** What `response_url` begins with; null: where the fake listens. */
  siteUrl: string | null = null;
  private readonly server: FakeServer;

  /** @param options.subPath below which it lives, such as `/chat` */
  constructor(options: { subPath?: string } = {}) {
    this.server = new FakeServer(options.subPath ?? '');
  }

  /** Listens on 127.0.0.1; port 0 is any free one. @returns what MATTERMOST_URL is to be */
  start(port = 0): Promise<string> {
    return this.server.start(port);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Forgets calls, posts and faults; people, teams, channels, hooks and commands stay, and so do connections. */
  reset(): void {
    this.server.world.clearPosts();
    this.server.faults.clear();
    this.server.publisher.hookAnswers.length = 0;
    this.server.publisher.hookCopies = 1;
    this.server.isOffline = false;
    this.refuseSockets(false);
    this.muteSockets(false);
    this.server.log.clear();
  }

  get url(): string {
    return this.server.url;
  }

  /** Everything that it knows, for what has no method of its own. */
  get world(): FakeServer['world'] {
    return this.server.world;
  }

  addBot(change: Partial<FakeUser> = {}): FakeUser & { token: string } {
    const bot = this.world.addUser({ username: 'aibot', isBot: true, ...change });
    return { ...bot, token: this.world.addToken(bot.id, 'bot').token };
  }

  addUser(change: Partial<FakeUser> = {}): FakeUser {
    return this.world.addUser(change);
  }

  /** An administrator with a password and a token. */
  addAdmin(change: Partial<FakeUser> = {}): FakeUser & { token: string } {
    const roles = ['system_user', 'system_admin'];
    const admin = this.world.addUser({ username: 'admin', password: 'Pa$$word-11', roles, ...change });
    return { ...admin, token: this.world.addToken(admin.id, 'admin').token };
  }

  /** A further token of somebody. */
  addToken(user: Ref, description = 'token'): string {
    return this.world.addToken(idOf(user), description).token;
  }

  /** From now on refused with 401; connections of its owner break. */
  revokeToken(token: string): void {
    for (const one of this.world.tokens.values()) {
      if (one.token !== token) continue;
      this.world.tokens.delete(one.id);
      this.server.sockets.dropThoseOf(one.userId);
    }
  }

  addTeam(name = `team-${newId().slice(0, 8)}`): FakeTeam {
    return this.world.addTeam(name);
  }

  /** Its members come into the team, too. */
  addChannel(input: { type?: ChannelType; name?: string; team?: Ref; members?: Ref[]; id?: string }): FakeChannel {
    const { type = 'O', name = `channel-${newId().slice(0, 8)}`, team, members = [], id } = input;
    const teamId = type === 'D' || type === 'G' || team === undefined ? '' : idOf(team);
    return this.world.addChannel(type, name, teamId, members.map(idOf), id);
  }

  direct(one: Ref, other: Ref): FakeChannel {
    return this.world.direct(idOf(one), idOf(other));
  }

  addFile(input: { channel: Ref; user: Ref; name: string; mimeType: string; content: Buffer }): FakeFile {
    const { name, mimeType, content } = input;
    const file = { id: newId(), userId: idOf(input.user), channelId: idOf(input.channel), postId: '', name, mimeType };
    const whole: FakeFile = { ...file, content, createAt: Date.now() };
    this.world.files.set(whole.id, whole);
    return whole;
  }

  /** Somebody writes: stored, told on WebSockets, and sent as outgoing hooks in the background (`settled()`). */
  post(input: PostInput): FakePost {
    return this.server.publisher.store({
      channelId: idOf(input.channel),
      userId: idOf(input.user),
      message: input.message,
      rootId: input.root === undefined ? '' : idOf(input.root),
      props: input.props,
      type: input.type,
      fileIds: input.fileIds,
      createAt: input.createAt,
    });
  }

  edit(post: Ref, message: string): void {
    const found = this.world.post(idOf(post));
    found.message = message;
    found.edit_at = found.update_at = Date.now();
    this.server.publisher.send('post_edited', this.told(found), { channelId: found.channel_id });
  }

  remove(post: Ref): void {
    const found = this.world.post(idOf(post));
    found.delete_at = found.update_at = Date.now();
    this.server.publisher.send('post_deleted', this.told(found), { channelId: found.channel_id });
  }

  addOutgoingHook(input: {
    team: Ref;
    channel?: Ref;
    triggerWords?: string[];
    /** `exact`: the first word is one of them; `prefix`: it begins with one. */
    triggerWhen?: 'exact' | 'prefix' | 0 | 1;
    callbackUrls: string[];
    contentType?: string;
    token?: string;
    creator?: Ref;
  }): FakeOutgoingHook {
    const hook = makeHook({
      team_id: idOf(input.team),
      channel_id: input.channel === undefined ? '' : idOf(input.channel),
      trigger_words: input.triggerWords ?? [],
      trigger_when: input.triggerWhen === 'prefix' || input.triggerWhen === 1 ? 1 : 0,
      callback_urls: input.callbackUrls,
      content_type: input.contentType ?? 'application/x-www-form-urlencoded',
      creator_id: input.creator === undefined ? '' : idOf(input.creator),
      ...(input.token === undefined ? {} : { token: input.token }),
    });
    this.world.hooks.set(hook.id, hook);
    return hook;
  }

  addCommand(input: { team: Ref; trigger?: string; url: string; method?: 'P' | 'G'; token?: string }): FakeCommand {
    const { team, trigger = 'ai', url, method = 'P', token } = input;
    const command = makeCommand({
      team_id: idOf(team),
      trigger,
      url,
      method,
      ...(token === undefined ? {} : { token }),
    });
    this.world.commands.set(command.id, command);
    return command;
  }

  /**
   * Somebody enters a slash command; its reply is shown as Mattermost does.
   * @param input.text what follows the trigger, or the whole `/trigger text`
   * @param input.root the thread that it is entered in
   */
  runCommand(input: {
    channel: Ref;
    user: Ref;
    text: string;
    root?: Ref;
    trigger?: string;
    triggerId?: string;
  }): Promise<CommandRun> {
    const whole = /^\/(\S+)\s?(.*)$/s.exec(input.text);
    const trigger = input.trigger ?? whole?.[1];
    const command = [...this.world.commands.values()].find((one) => trigger === undefined || one.trigger === trigger);
    if (!command) throw new Error(`The fake Mattermost has no command ${trigger ?? ''}.`);
    const run = {
      channelId: idOf(input.channel),
      userId: idOf(input.user),
      text: whole ? (whole[2] ?? '') : input.text,
      rootId: input.root === undefined ? '' : idOf(input.root),
      triggerId: input.triggerId,
    };
    return runCommand(this.world, this.server.publisher, command, run, this.siteUrl ?? this.url).finally(() =>
      this.server.log.changed(),
    );
  }

  /** Oldest first, without those that were removed. */
  posts(channel?: Ref): FakePost[] {
    const all = [...this.world.posts.values()].filter(({ delete_at: deleteAt }) => deleteAt === 0);
    return channel === undefined ? all : all.filter(({ channel_id: id }) => id === idOf(channel));
  }

  postsOf(user: Ref, channel?: Ref): FakePost[] {
    return this.posts(channel).filter(({ user_id: id }) => id === idOf(user));
  }

  get calls(): readonly MattermostCall[] {
    return this.server.log.calls;
  }

  /** What the receivers of outgoing hooks said. */
  get hookAnswers(): readonly HookAnswer[] {
    return this.server.publisher.hookAnswers;
  }

  /** What only one person was shown. */
  get ephemeral(): readonly FakeEphemeral[] {
    return this.world.ephemeral;
  }

  /** The next call that is meant fails, or so many of them; see `Fault`. */
  failNext(fault: Fault): this {
    this.server.faults.add(fault);
    return this;
  }

  delay(delay: Delay): this {
    this.server.faults.addDelay(delay);
    return this;
  }

  /** Forgets faults and delays that still wait. */
  heal(): void {
    this.server.faults.clear();
  }

  /** The network is away, for HTTP and WebSockets alike. */
  offline(isOffline: boolean): void {
    this.server.isOffline = isOffline;
    if (isOffline) this.dropSockets();
  }

  dropSockets(): void {
    this.server.sockets.drop();
  }

  refuseSockets(isRefusing: boolean): void {
    this.server.sockets.isRefusing = isRefusing;
  }

  /** Connections stay open and nothing comes any more, not even a pong. */
  muteSockets(isMute: boolean): void {
    this.server.sockets.isMute = isMute;
  }

  /** Connections that have said who they are. */
  get sockets(): number {
    return this.server.sockets.count;
  }

  /** From now on each hook is sent so many times. */
  repeatHooks(copies: number): void {
    this.server.publisher.hookCopies = copies;
  }

  /** For how many milliseconds a `pending_post_id` is recognised; Mattermost: 30,000. */
  set pendingPostTtlMs(ttlMs: number) {
    this.server.publisher.pendingPostTtlMs = ttlMs;
  }

  /** Resolves when no outgoing hook is under way any more. */
  settled(): Promise<void> {
    return this.server.publisher.settled();
  }

  waitFor(condition: (fake: this) => boolean, timeoutMs?: number): Promise<void> {
    return this.server.log.waitFor(() => condition(this), timeoutMs);
  }

  private told(post: FakePost): Record<string, unknown> {
    return { post: JSON.stringify(postJson(post, this.world.filesOf(post))) };
  }
}
