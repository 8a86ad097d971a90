import { AppError } from './app-error';
import { type HookAnswer, hookBody, hooksFor, replyOf, sendOutgoingHook } from './outgoing-hooks';
import { checkPost, mentionsIn, pendingPost, PENDING_POST_TTL_MS, storePost } from './posting';
import type { FakePost } from './records';
import type { Events, NewPost } from './router';
import type { Sockets } from './sockets';
import { postJson } from './wire';
import type { World } from './world';

/** Stores posts, tells those who listen, and sends outgoing hooks. */
export class Publisher implements Events {
  /** How often each hook is sent. */
  hookCopies = 1;
  pendingPostTtlMs = PENDING_POST_TTL_MS;
  onPost: (post: FakePost) => void = () => undefined;
  readonly hookAnswers: HookAnswer[] = [];
  private readonly underWay = new Set<Promise<void>>();

  private readonly world: World;
  private readonly sockets: Sockets;
  private readonly onChange: () => void;

  constructor(world: World, sockets: Sockets, onChange: () => void) {
    this.world = world;
    this.sockets = sockets;
    this.onChange = onChange;
  }

  /** A post that came over the API. @throws AppError */
  publish(wanted: NewPost): Record<string, unknown> {
    const known = wanted.pendingPostId
      ? pendingPost(this.world, wanted.pendingPostId, this.pendingPostTtlMs)
      : undefined;
    if (known) return postJson(known, this.world.filesOf(known));
    checkPost(this.world, wanted);
    const post = this.store(wanted);
    return postJson(post, this.world.filesOf(post));
  }

  /** A post of whatever kind, unchecked. */
  store(wanted: NewPost, options: { hooks?: boolean } = {}): FakePost {
    const post = storePost(this.world, wanted);
    this.tell(post);
    this.onPost(post);
    const hasHooks = options.hooks ?? !post.type.startsWith('system_');
    if (hasHooks) this.track(this.sendHooks(post));
    this.onChange();
    return post;
  }

  send(
    name: string,
    data: Record<string, unknown>,
    { channelId, userId, except }: { channelId?: string; userId?: string; except?: string },
  ): void {
    const members = channelId === undefined ? [] : [...(this.world.channels.get(channelId)?.members ?? [])];
    const to = userId === undefined ? members.filter((id) => id !== except) : [userId];
    const omitted = except === undefined ? null : { [except]: true };
    const broadcast = { omit_users: omitted, user_id: userId ?? '', channel_id: channelId ?? '', team_id: '' };
    this.sockets.send(name, data, { ...broadcast, connection_id: '', omit_connection_id: '' }, to);
  }

  /** Resolves when no hook is under way any more. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** `sender_name` is the username with an @; `post` and `mentions` are JSON within the JSON. */
  private tell(post: FakePost): void {
    const channel = this.world.channel(post.channel_id);
    const mentions = mentionsIn(this.world, post);
    const data = {
      channel_display_name: channel.name,
      channel_name: channel.name,
      channel_type: channel.type,
      post: JSON.stringify(postJson(post, this.world.filesOf(post))),
      sender_name: `@${this.world.users.get(post.user_id)?.username ?? ''}`,
      set_online: true,
      team_id: channel.teamId,
      ...(mentions.length > 0 ? { mentions: JSON.stringify(mentions) } : {}),
    };
    this.send('posted', data, { channelId: channel.id });
  }

  private async sendHooks(post: FakePost): Promise<void> {
    const sent = hooksFor(this.world, post).flatMap(({ hook, triggerWord }) => {
      const body = hookBody(this.world, hook, post, triggerWord);
      const urls = hook.callback_urls.flatMap((url) => Array.from({ length: this.hookCopies }, () => url));
      return urls.map(async (url) => {
        const answer = await sendOutgoingHook(url, body, post.id);
        this.hookAnswers.push(answer);
        this.postReply(answer, post, hook.creator_id);
        this.onChange();
      });
    });
    await Promise.all(sent);
  }

  /** As the hook's creator. A comment below a reply fails, and nobody is told. */
  private postReply(answer: HookAnswer, post: FakePost, creatorId: string): void {
    const reply = replyOf(answer);
    if (!reply || !this.world.posts.has(post.id)) return;
    const rootId = reply.isComment ? post.id : '';
    const wanted = { channelId: post.channel_id, userId: creatorId, message: reply.text, rootId };
    try {
      checkPost(this.world, wanted);
      this.store({ ...wanted, props: { from_webhook: 'true' } }, { hooks: false });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  private track(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }
}
