import { DecryptionError, EventsBus, SeldomLog } from '@app/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { ChannelType } from '../core/channel';
import type { ChannelAccess } from '../core/channel-adapter';
import { ChannelsRepository } from './persistence/channels.repository';

/** How long a process may go on with what it knows when the event about a change did not reach it. */
const REFRESH_MS = 30_000;
/** Channels that are read in one statement. */
const BATCH = 500;

interface Entry {
  version: string;
  /** Undefined: its credentials cannot be read, so nothing can be done with it. */
  access: ChannelAccess | undefined;
}

/** What this process knows at one time. */
interface Snapshot {
  entries: Map<number, Entry>;
  byAccount: Map<string, ChannelAccess[]>;
  byType: Map<ChannelType, ChannelAccess[]>;
}

const accountKey = (type: ChannelType, accountId: string): string => `${type} ${accountId}`;

/**
 * The channels with their credentials as every hook and every send needs them: from memory, at most thirty seconds old, and at once after a change that
 * this process was told of. Only what has changed is read and decrypted again; about 2 KB each.
 */
@Injectable()
export class ChannelDirectory implements OnModuleInit, OnModuleDestroy {
  private known: { snapshot: Promise<Snapshot>; readAtMs: number } | undefined;
  private latest: Snapshot = { entries: new Map(), byAccount: new Map(), byType: new Map() };
  private stopListening: (() => void)[] = [];
  private readonly unreadable: SeldomLog;

  constructor(
    private readonly repository: ChannelsRepository,
    private readonly events: EventsBus,
    logger: PinoLogger,
  ) {
    this.unreadable = new SeldomLog(
      logger,
      'credentials of a channel cannot be read; nothing comes or goes through it',
    );
  }

  onModuleInit(): void {
    const forget = (): void => void (this.known = undefined);
    this.stopListening = [this.events.subscribe('channels', forget), this.events.onReconnect(forget)];
  }

  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
  }

  /** The channels that an account of the other system is for, also those that are switched off; several workspaces may claim one. */
  async byAccount(type: ChannelType, accountId: string): Promise<readonly ChannelAccess[]> {
    return (await this.look()).byAccount.get(accountKey(type, accountId)) ?? [];
  }

  /** All channels of a kind, also those that are switched off. */
  async ofType(type: ChannelType): Promise<readonly ChannelAccess[]> {
    return (await this.look()).byType.get(type) ?? [];
  }

  /** Undefined: there is none, or its credentials cannot be read. */
  async get(channelId: number): Promise<ChannelAccess | undefined> {
    return (await this.look()).entries.get(channelId)?.access;
  }

  /** The same for whoever has the id from the database: a job about a new channel may be here before the word of it is. Not for ids from outside, each of which would be read. */
  async find(channelId: number): Promise<ChannelAccess | undefined> {
    const askedAtMs = performance.now();
    const { entries } = await this.look();
    if (entries.has(channelId)) return entries.get(channelId)?.access;
    if (this.known !== undefined && this.known.readAtMs < askedAtMs) this.known = undefined;
    return this.get(channelId);
  }

  /** After a change is committed: it counts in this process at once, and elsewhere as soon as they are told. */
  changed(channelId: number): void {
    this.events.publish({ type: 'channels.changed', channelId });
  }

  private look(): Promise<Snapshot> {
    if (this.known !== undefined && performance.now() - this.known.readAtMs < REFRESH_MS) return this.known.snapshot;
    const known = { snapshot: this.read(), readAtMs: performance.now() };
    this.known = known;
    // A failure is no answer.
    known.snapshot.catch(() => void (this.known === known && (this.known = undefined)));
    return known.snapshot;
  }

  private async read(): Promise<Snapshot> {
    const before = this.latest.entries;
    const versions = await this.repository.versions();
    const entries = new Map<number, Entry>();
    const unknown: number[] = [];
    for (const { id, version } of versions) {
      const entry = before.get(id);
      if (entry?.version === version) entries.set(id, entry);
      else unknown.push(id);
    }
    for (let start = 0; start < unknown.length; start += BATCH) {
      for (const { version, sealedCredentials, ...channel } of await this.repository.sealed(
        unknown.slice(start, start + BATCH),
      )) {
        entries.set(channel.id, { version, access: this.open({ channel, sealedCredentials }) });
      }
    }
    // Oldest first, whatever was changed last: who claims an account later is tried later.
    const snapshot = indexed(new Map([...entries].sort(([left], [right]) => left - right)));
    this.latest = snapshot;
    return snapshot;
  }

  private open({ channel, sealedCredentials }: { channel: ChannelAccess['channel']; sealedCredentials: string }) {
    try {
      return { channel, credentials: this.repository.open({ id: channel.id, sealedCredentials }) };
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      this.unreadable.warn(error);
      return undefined;
    }
  }
}

function indexed(entries: Map<number, Entry>): Snapshot {
  const byAccount = new Map<string, ChannelAccess[]>();
  const byType = new Map<ChannelType, ChannelAccess[]>();
  for (const { access } of entries.values()) {
    if (access === undefined) continue;
    const { type, accountId } = access.channel;
    append(byAccount, accountKey(type, accountId), access);
    append(byType, type, access);
  }
  return { entries, byAccount, byType };
}

function append<K>(map: Map<K, ChannelAccess[]>, key: K, access: ChannelAccess): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [access]);
  else list.push(access);
}
