import { ConversationsService } from '@app/conversations';
import { decodeCursor, encodeCursor, isUniqueViolation, type Page, type Principal, toPage } from '@app/platform';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { Client, ClientFields, ClientFilter } from './client';
import { clientNotFound, clientOfColleagues, externalIdTaken, workspaceNotFound } from './clients.errors';
import { ClientsRepository } from './persistence/clients.repository';

/** Conversations that are erased before it is looked for more. */
const ERASED_AT_ONCE = 100;
/** No index finds a part of a name: of each workspace so many clients are looked through for one page, however many there are. */
const LOOKED_THROUGH = 10_000;

/** The people that sessions are about. */
@Injectable()
export class ClientsService {
  constructor(
    private readonly clients: ClientsRepository,
    private readonly conversations: ConversationsService,
  ) {}

  /**
   * @param workspaceId the caller's personal one unless given
   * @throws 404 WORKSPACE.NOT_FOUND when the caller is no member of it, 409 CLIENT.EXTERNAL_ID_TAKEN
   */
  async add(principal: Principal, client: ClientFields, workspaceId = principal.workspaceId): Promise<Client> {
    const added = await unlessTaken(() => this.clients.insert(principal.userId, workspaceId, client));
    if (added === undefined) throw workspaceNotFound(workspaceId);
    return added;
  }

  /** @throws 404 CLIENT.NOT_FOUND when the caller is no member of its workspace, or it is not there */
  async get(principal: Principal, id: number): Promise<Client> {
    const client = await this.clients.findVisible(principal.userId, id);
    if (client === undefined) throw clientNotFound(id);
    return client;
  }

  /** A page of what contains a text may have fewer clients than asked for, even none, and still be followed by another one. */
  async list(
    principal: Principal,
    filter: Omit<ClientFilter, 'beforeId' | 'sinceId'> & { cursor?: string },
  ): Promise<Page<Client>> {
    const { cursor, limit, ...rest } = filter;
    const { userId } = principal;
    const beforeId = cursor === undefined ? undefined : decodeCursor(cursor);
    const isSearch = rest.contains !== undefined && rest.email === undefined && rest.externalId === undefined;
    const sinceId = isSearch ? await this.clients.horizon(userId, { ...rest, beforeId }, LOOKED_THROUGH) : undefined;
    const found = await this.clients.list(userId, { ...rest, beforeId, sinceId, limit: limit + 1 });
    const page = toPage(found, limit, ({ id }) => id);
    if (page.hasMore || sinceId === undefined) return page;
    return { ...page, hasMore: true, nextCursor: encodeCursor(sinceId) };
  }

  /** The next prompt of its sessions has what is new. @throws 404 CLIENT.NOT_FOUND, 409 CLIENT.EXTERNAL_ID_TAKEN */
  async change(principal: Principal, id: number, changes: Partial<ClientFields>): Promise<Client> {
    const changed = await unlessTaken(() => this.clients.update(principal.userId, id, changes));
    if (changed === undefined) throw clientNotFound(id);
    return changed;
  }

  /**
   * Erases the client, its sessions and all that was said in them, also copies at the upstream. Done again after a failure, it goes on.
   * @throws 404 CLIENT.NOT_FOUND, 403 CLIENT.FORBIDDEN
   */
  async delete(principal: Principal, id: number): Promise<void> {
    await this.get(principal, id);
    if (await this.clients.belongsToColleagues(principal.userId, id)) throw clientOfColleagues(id);
    do {
      for (const { conversationId, userId, workspaceId } of await this.clients.conversationsOf(id, ERASED_AT_ONCE)) {
        const owner: Principal = { userId, workspaceId, loginId: 0, isInstanceAdmin: false };
        await this.conversations.delete(owner, conversationId).catch(unlessGone);
      }
    } while (!(await this.clients.deleteWithoutSessions(id)));
  }
}

/** Somebody else was faster. */
function unlessGone(error: unknown): void {
  if (!(error instanceof AppError) || error.status !== 404) throw error;
}

async function unlessTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isUniqueViolation(error, 'clients_external_key') ? externalIdTaken() : error;
  }
}
