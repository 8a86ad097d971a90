import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { SeldomLog } from '@app/platform';
import type { PinoLogger } from 'nestjs-pino';
import { CHANNEL_PROBLEMS } from '../../core/channel-problem';
import { type ChannelAccess, ChannelSendError } from '../../core/channel-adapter';
import type { ChannelProblems } from '../../channels/channel-problems.service';
import { credential } from '../../meta/credentials';
import type { MattermostClient } from '../mattermost-client';
import type { MattermostDirectory, MattermostUser } from '../mattermost-directory';
import type { MattermostNetworks } from '../networks';
import { postOf } from '../post';
import { MattermostConnection, type PostedMessage } from './connection';
import type { HeardPost, HeardPosts } from './heard-posts.service';
import { pauseBeforeNext } from './listen-backoff';
import type { MissedPosts } from './missed-posts.service';
import type { ListenersRepository } from './persistence/listeners.repository';
import { PostQueue } from './post-queue';
import { firstPosition, laterOf, whereToBegin } from './position';

/** All that a listener needs beside its channel. */
export interface ListenerTools {
  networks: MattermostNetworks;
  client: MattermostClient;
  directory: MattermostDirectory;
  heard: HeardPosts;
  missed: MissedPosts;
  positions: Pick<ListenersRepository, 'position'>;
  problems: Pick<ChannelProblems, 'report' | 'clear'>;
  logger: PinoLogger;
}

/** Milliseconds of silence after which it is looked whether something was missed: a server under load drops events, and says so to nobody. */
const LOOK_AGAIN_MS = 300_000;
/** How often a token that was refused is tried again, in milliseconds: Mattermost also refuses one that it could not look up at that moment. */
const TRY_TOKEN_MS = 60_000;

/** Listens to one channel for as long as it is this worker's turn: connects, looks up what was missed, takes in what is told, and begins again. */
export class Listener {
  /** Everything up to then is in the inbox; null: not known yet. */
  heardUntil: Date | null = null;
  isConnected = false;
  private readonly over = new AbortController();
  private readonly running: Promise<void>;
  private readonly trouble: SeldomLog;

  constructor(
    private access: ChannelAccess,
    private readonly tools: ListenerTools,
  ) {
    this.trouble = new SeldomLog(
      tools.logger,
      `channel ${access.channel.id} does not hear its Mattermost; trying again`,
    );
    this.running = this.run();
  }

  /** Settings count at once. @returns false when they mean another connection */
  use(access: ChannelAccess): boolean {
    const isSame =
      isDeepStrictEqual(access.credentials, this.access.credentials) &&
      access.channel.settings.allow_private_network === this.access.channel.settings.allow_private_network;
    if (isSame) this.access = access;
    return isSame;
  }

  /** Resolves when nothing more is taken in. */
  stop(): Promise<void> {
    this.over.abort();
    return this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.over;
    const tokens = setInterval(() => void this.tryToken(), TRY_TOKEN_MS);
    signal.addEventListener('abort', () => clearInterval(tokens));
    for (let failures = 0; !signal.aborted;) {
      const begunAt = performance.now();
      let problem: unknown;
      try {
        const reason = await this.listen();
        problem = new Error(`The connection ended: ${reason}.`);
      } catch (error) {
        problem = error;
      }
      this.isConnected = false;
      if (signal.aborted) return;
      const pause = pauseBeforeNext(problem, failures, performance.now() - begunAt, Math.random());
      failures = pause.failures;
      await this.tell(problem);
      await sleep(pause.ms, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection from its beginning to its end. @throws when there is none, or when what was heard cannot be taken in */
  private async listen(): Promise<string> {
    const { client, directory, networks, problems } = this.tools;
    const { channel, credentials } = this.access;
    const { signal } = this.over;
    // The socket does not say that a token is refused; this does.
    await client.call(this.access, { method: 'GET', path: '/users/me', signal });
    const bot = await directory.me(this.access, signal);
    // Nobody would ever close a connection that is made after that.
    signal.throwIfAborted();
    const queue = new PostQueue();
    const target = { url: credential(credentials, 'url'), token: credential(credentials, 'bot_token') };
    const hear = (message: PostedMessage): void => {
      const heard = heardIn(message);
      if (heard !== null) queue.push(heard);
    };
    const connection = new MattermostConnection(networks.of(channel), target, hear);
    const close = (): void => connection.close();
    signal.addEventListener('abort', close);
    void connection.ended.then(() => queue.close());
    try {
      if (await connection.isHeard()) {
        await this.lookUp(bot);
        await problems.clear(channel.id);
        this.isConnected = true;
        await this.takeIn(bot, queue);
      }
    } finally {
      signal.removeEventListener('abort', close);
      connection.close();
    }
    return connection.ended;
  }

  private async takeIn(bot: MattermostUser, queue: PostQueue): Promise<void> {
    for (;;) {
      const next = await queue.next(LOOK_AGAIN_MS);
      if (next === 'closed') return;
      if (next === 'look') {
        await this.lookUp(bot);
        continue;
      }
      await this.tools.heard.take(this.access, bot, next);
      for (const { post } of next) this.heardUntil = laterOf(this.heardUntil, post.createAt, Date.now());
    }
  }

  /** What was said since it was last listened; what is told meanwhile waits, so that everything is taken in in its order. */
  private async lookUp(bot: MattermostUser): Promise<void> {
    const { missed, heard, positions } = this.tools;
    const joined = await missed.joined(this.access, bot);
    const newest = Math.max(0, ...joined.map(({ lastPostAt }) => lastPostAt));
    const position = await positions.position(this.access.channel.id, firstPosition(newest, Date.now()));
    if (position === undefined) return;
    const known = laterOf(this.heardUntil, position.until.getTime(), Date.now()) ?? position.until;
    const sinceMs = whereToBegin({ from: position.from, until: known }, Date.now());
    await heard.take(this.access, bot, await missed.since(this.access, bot, joined, sinceMs));
    this.heardUntil = laterOf(known, newest, Date.now());
  }

  /** Whoever sends may have been refused while the connection goes on, which then says nothing about it. */
  private async tryToken(): Promise<void> {
    const { client, problems } = this.tools;
    const { signal } = this.over;
    if (this.access.channel.problemCode === null) return;
    try {
      await client.call(this.access, { method: 'GET', path: '/users/me', signal });
      // What is refused after it was changed is none of ours.
      if (!signal.aborted) await problems.clear(this.access.channel.id);
    } catch {
      // It stays a problem, and is tried again.
    }
  }

  private async tell(problem: unknown): Promise<void> {
    const { problems } = this.tools;
    this.trouble.warn(problem);
    if (!(problem instanceof ChannelSendError) || problem.failure !== 'refused-credentials') return;
    // Told again when the database is there again: the token is refused then, too.
    await problems.report(this.access.channel.id, CHANNEL_PROBLEMS.tokenRefused).catch(() => undefined);
  }
}

/** Null when it is none that can be understood. */
function heardIn({ data }: PostedMessage): HeardPost | null {
  try {
    const post = postOf(JSON.parse(data.post));
    return post === null ? null : { post, roomType: data.channel_type as HeardPost['roomType'] };
  } catch {
    return null;
  }
}
