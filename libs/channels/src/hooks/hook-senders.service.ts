import { Injectable } from '@nestjs/common';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelDirectory } from '../channels/channel-directory.service';
import type { ChannelType } from '../core/channel';
import type { ChannelAccess, HookRequest } from '../core/channel-adapter';

/** A hook that names no account, such as news about templates, is tried with secrets of any channel: so many bytes are hashed for one request at most. */
const MAX_HASHED_BYTES = 8_000_000;

/** Finds out who has sent a hook, by the channels' own secrets. */
@Injectable()
export class HookSenders {
  constructor(
    private readonly directory: ChannelDirectory,
    private readonly adapters: ChannelAdapters,
  ) {}

  /**
   * The channels for which a request may speak: those among the named accounts whose own secret has signed it. So nobody can sign for somebody else's.
   * Also those that are switched off: refused, hooks would come again and again, and with them those of other accounts that stand in the same one.
   * @param accountIds that the body names
   * @param channelId from the path: only this one
   */
  async of(
    type: ChannelType,
    request: HookRequest,
    accountIds: readonly string[],
    channelId?: number,
  ): Promise<ChannelAccess[]> {
    const rules = this.adapters.get(type).hooks;
    if (rules === undefined) return [];
    const candidates = await this.candidates(type, request, accountIds, channelId);
    return candidates.filter((access) => rules.isSigned(access, request));
  }

  /** What proves to the other system that the address is ours; null when nobody here was asked. */
  async answerHandshake(
    type: ChannelType,
    query: Readonly<Record<string, unknown>>,
    channelId?: number,
  ): Promise<string | null> {
    const rules = this.adapters.get(type).hooks;
    if (rules?.answerHandshake === undefined) return null;
    const candidates = channelId === undefined ? await this.directory.ofType(type) : await this.one(type, channelId);
    let answer: string | null = null;
    // All of them, so that the time tells nothing.
    for (const access of candidates) {
      const own = rules.answerHandshake(access, query);
      if (access.channel.isEnabled) answer = own ?? answer;
    }
    return answer;
  }

  private async candidates(
    type: ChannelType,
    { body }: HookRequest,
    accountIds: readonly string[],
    channelId: number | undefined,
  ): Promise<readonly ChannelAccess[]> {
    if (channelId !== undefined) return this.one(type, channelId);
    if (accountIds.length === 0) {
      const count = Math.floor(MAX_HASHED_BYTES / Math.max(body.length, 1));
      return (await this.directory.ofType(type)).slice(0, count);
    }
    const named = await Promise.all(accountIds.map((accountId) => this.directory.byAccount(type, accountId)));
    return named.flat().slice(0, Math.max(10, MAX_HASHED_BYTES / Math.max(body.length, 1)));
  }

  private async one(type: ChannelType, channelId: number): Promise<ChannelAccess[]> {
    const access = await this.directory.get(channelId);
    return access?.channel.type === type ? [access] : [];
  }
}
