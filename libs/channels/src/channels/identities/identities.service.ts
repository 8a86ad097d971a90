import { VisitorsService } from '@app/auth';
import { ConversationsService } from '@app/conversations';
import { AppError, badInput } from '@app/kernel';
import { Database, type Page, type Principal, toPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { identityNotFound } from '../channels.errors';
import { ChannelsService } from '../channels.service';
import { type ChannelIdentity, IdentitiesRepository } from '../persistence/identities.repository';

/** Conversations that are erased before it is looked for more. */
const ERASED_AT_ONCE = 100;

/** The people who write through a channel: for owners of its workspace. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelsService,
    private readonly identities: IdentitiesRepository,
    private readonly conversations: ConversationsService,
    private readonly visitors: VisitorsService,
  ) {}

  /** Newest first. @throws 404 CHANNEL.NOT_FOUND */
  async list(
    principal: Principal,
    channelId: number,
    limit: number,
    beforeId = Number.MAX_SAFE_INTEGER,
  ): Promise<Page<ChannelIdentity>> {
    await this.channels.get(principal, channelId);
    return toPage(await this.identities.list(channelId, limit, beforeId), limit, ({ id }) => id);
  }

  /** @throws 404 CHANNEL.NOT_FOUND, CHANNEL.IDENTITY_NOT_FOUND */
  async get(principal: Principal, channelId: number, id: number): Promise<ChannelIdentity> {
    await this.channels.get(principal, channelId);
    const found = await this.identities.find(channelId, id);
    if (found === undefined) throw identityNotFound(id);
    return found;
  }

  /** What is not given stays. @throws as `get`, 422 for a client of another workspace */
  async change(
    principal: Principal,
    channelId: number,
    id: number,
    { isOptedOut, clientId }: { isOptedOut?: boolean; clientId?: number | null },
  ): Promise<ChannelIdentity> {
    await this.get(principal, channelId, id);
    if (clientId !== undefined && !(await this.identities.setClient(channelId, id, clientId))) {
      throw badInput('client_id', 'is no client of this workspace.');
    }
    if (isOptedOut !== undefined) await this.identities.setOptedOut(channelId, id, isOptedOut);
    return this.get(principal, channelId, id);
  }

  /**
   * Erases a person here: what was said, what waits, and who they are. What it cost stays in the ledger as numbers. Done again after a failure, it goes on.
   * If they write again they are somebody new. @throws as `get`
   */
  async erase(principal: Principal, channelId: number, id: number): Promise<void> {
    const { workspaceId } = await this.channels.get(principal, channelId);
    const person = await this.get(principal, channelId, id);
    const them: Principal = { userId: person.userId, workspaceId, loginId: 0, isInstanceAdmin: false };
    const keys = [person.externalId, ...(person.phone === null ? [] : [person.phone])];
    do {
      // What they write meanwhile begins no further conversation.
      await this.identities.forgetInbox(channelId, keys);
      const some = await this.identities.conversationsOf(id, ERASED_AT_ONCE);
      for (const conversationId of some) await this.conversations.delete(them, conversationId).catch(unlessGone);
    } while (!(await this.removeWithoutConversations(channelId, person, keys)));
  }

  /** False when there are conversations left, or again; while the person is locked none begins. */
  private async removeWithoutConversations(
    channelId: number,
    { id, userId }: ChannelIdentity,
    keys: readonly string[],
  ): Promise<boolean> {
    return this.database.transaction(async () => {
      if (!(await this.identities.lock(channelId, id))) return true;
      if ((await this.identities.conversationsOf(id, 1)).length > 0) return false;
      await this.identities.forgetInbox(channelId, keys);
      await this.identities.remove(channelId, id);
      await this.visitors.erase(userId);
      return true;
    });
  }
}

/** Somebody else was faster. */
function unlessGone(error: unknown): void {
  if (!(error instanceof AppError) || error.status !== 404) throw error;
}
