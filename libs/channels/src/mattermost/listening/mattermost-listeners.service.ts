import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventsBus, SeldomLog } from '@app/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelDirectory } from '../../channels/channel-directory.service';
import { ChannelProblems } from '../../channels/channel-problems.service';
import { MattermostClient } from '../mattermost-client';
import { MattermostDirectory } from '../mattermost-directory';
import { MattermostNetworks } from '../networks';
import { HeardPosts } from './heard-posts.service';
import { Listener, type ListenerTools } from './listener';
import { MissedPosts } from './missed-posts.service';
import { ListenersRepository, type ListenerState } from './persistence/listeners.repository';

/** A worker that does not say more for so long is taken for dead. */
const HELD_MS = 20_000;
const ROUND_MS = 4000;
/** Channels that a worker takes per round, so that others have some, too. */
const CLAIMED_AT_ONCE = 20;
/** At the end of a process, for what is being taken in. */
const STOP_DEADLINE_MS = 3000;

/** In every worker: sees to it that each Mattermost channel that is switched on is listened to by one of them. */
@Injectable()
export class MattermostListeners implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly worker = randomUUID();
  /** Channels whose turn it is here; undefined: nobody can listen yet, as the credentials are not known or cannot be read. */
  private readonly listeners = new Map<number, Listener | undefined>();
  private readonly tools: ListenerTools;
  private readonly failed: SeldomLog;
  private timer: NodeJS.Timeout | undefined;
  private stopHearing: (() => void) | undefined;
  private round: Promise<void> = Promise.resolve();
  private isNextDue = false;
  private isOver = false;

  constructor(
    private readonly repository: ListenersRepository,
    private readonly channels: ChannelDirectory,
    private readonly events: EventsBus,
    networks: MattermostNetworks,
    client: MattermostClient,
    directory: MattermostDirectory,
    heard: HeardPosts,
    missed: MissedPosts,
    problems: ChannelProblems,
    logger: PinoLogger,
  ) {
    this.tools = { networks, client, directory, heard, missed, positions: repository, problems, logger };
    this.failed = new SeldomLog(logger, 'which worker listens to Mattermost could not be looked at');
  }

  onApplicationBootstrap(): void {
    this.stopHearing = this.events.subscribe('channels', () => this.begin());
    this.timer = setInterval(() => this.begin(), ROUND_MS);
    this.begin();
  }

  async onModuleDestroy(): Promise<void> {
    this.isOver = true;
    clearInterval(this.timer);
    this.stopHearing?.();
    await this.round;
    await Promise.all([...this.listeners.keys()].map((id) => this.end(id)));
  }

  /** One round at a time; what is changed meanwhile is seen by the next, and there is one next at most. */
  private begin(): void {
    if (this.isNextDue) return;
    this.isNextDue = true;
    this.round = this.round.then(() => this.look()).catch((error: unknown) => this.failed.warn(error));
  }

  private async look(): Promise<void> {
    this.isNextDue = false;
    if (this.isOver) return;
    const states = [...this.listeners].map(([channelId, listener]) => stateOf(channelId, listener));
    const kept = new Set(await this.repository.prolong(this.worker, HELD_MS, states));
    const lost = states.filter(({ channelId }) => !kept.has(channelId));
    await Promise.all(lost.map(({ channelId }) => this.end(channelId)));
    for (const id of await this.repository.claim(this.worker, HELD_MS, CLAIMED_AT_ONCE)) {
      this.listeners.set(id, undefined);
    }
    await Promise.all([...this.listeners.keys()].map((id) => this.attend(id)));
  }

  /** As the channel is by now. */
  private async attend(channelId: number): Promise<void> {
    const access = await this.channels.get(channelId);
    const listener = this.listeners.get(channelId);
    if (access !== undefined && listener?.use(access) === true) return;
    // What the new one looks up begins where the old one has ended.
    await stopped(listener);
    this.listeners.set(channelId, access === undefined ? undefined : new Listener(access, this.tools));
  }

  private async end(channelId: number): Promise<void> {
    const listener = this.listeners.get(channelId);
    this.listeners.delete(channelId);
    await stopped(listener);
    await this.repository.giveBack(this.worker, stateOf(channelId, listener));
  }
}

/** Does not wait for a server that does not answer: what is still under way is stored once, here or by the next listener. */
async function stopped(listener: Listener | undefined): Promise<void> {
  if (listener === undefined) return;
  const deadline = new AbortController();
  await Promise.race([
    listener.stop(),
    pause(STOP_DEADLINE_MS, undefined, { signal: deadline.signal }).catch(() => undefined),
  ]);
  deadline.abort();
}

const stateOf = (channelId: number, listener: Listener | undefined): ListenerState => ({
  channelId,
  isConnected: listener?.isConnected === true,
  heardUntil: listener?.heardUntil ?? null,
});
