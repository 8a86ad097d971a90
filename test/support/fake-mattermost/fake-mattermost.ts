import type { MattermostCall } from './call-log';
import type { Delay, Fault } from './faults';
import { FakeServer } from './fake-server';
import type { HookAnswer } from './outgoing-hooks';
import { idOf, Population, type Ref } from './population';
import type { FakeEphemeral, FakePost } from './records';
import type { CommandRun } from './slash-commands';
import { postJson } from './wire';
import type { World } from './world';

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
export class FakeMattermost extends Population {
  private readonly server: FakeServer;

  /** @param options.subPath below which it lives, such as `/chat` */
  constructor(options: { subPath?: string } = {}) {
    super();
    this.server = new FakeServer(options.subPath ?? '');
  }

  /** Called with each post that is stored. */
  set onPost(onPost: (post: FakePost) => void) {
    this.server.publisher.onPost = onPost;
  }

  /** Called with what only one person is shown. */
  set onEphemeral(onEphemeral: (shown: FakeEphemeral) => void) {
    this.world.onEphemeral = onEphemeral;
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

  /** What `response_url` begins with; null: where the fake listens. */
  set siteUrl(siteUrl: string | null) {
    this.server.siteUrl = siteUrl;
  }

  get url(): string {
    return this.server.url;
  }

  get world(): World {
    return this.server.world;
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
    const first = [...this.world.commands.values()][0]?.trigger ?? '';
    const text = input.text.startsWith('/') ? input.text : `/${input.trigger ?? first} ${input.text}`;
    return this.server.runCommand({
      channelId: idOf(input.channel),
      userId: idOf(input.user),
      text,
      rootId: input.root === undefined ? '' : idOf(input.root),
      triggerId: input.triggerId,
    });
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

  protected disconnect(userId: string): void {
    this.server.sockets.dropThoseOf(userId);
  }

  private told(post: FakePost): Record<string, unknown> {
    return { post: JSON.stringify(postJson(post, this.world.filesOf(post))) };
  }
}
