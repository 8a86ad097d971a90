import { ellipsize, singleLine } from '@app/kernel';
import { PersonasService } from '@app/personas';
import { Database, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import {
  belongsToSession,
  conversationForbidden,
  conversationNotFound,
  personaInOtherWorkspace,
} from './conversations.errors';
import { decodeCursor, encodeCursor } from './cursor';
import { type ConversationListRow, ConversationsRepository } from './persistence/conversations.repository';
import { isConversationGone, LeasesRepository } from './persistence/leases.repository';
import type { ConversationRow } from './persistence/rows';
import { MessageImagesService } from './uploads/message-images.service';
import { StreamChunksRepository } from './persistence/stream-chunks.repository';

const UNTITLED = 'New conversation';
const GENERATED_TITLE_LENGTH = 60;

/** A title made of the first message: its beginning, on one line. */
export const titleFrom = (content: string): string => ellipsize(singleLine(content), GENERATED_TITLE_LENGTH);

/** Doors whose conversations belong to sessions. */
const SESSION_CHANNELS = new Set(['session', 'support']);

/** A session begins and ends it. */
export const isOfSession = ({ channel }: ConversationRow): boolean => SESSION_CHANNELS.has(channel);

export interface ConversationPage {
  rows: ConversationListRow[];
  hasMore: boolean;
  nextCursor: string | null;
}

@Injectable()
export class ConversationsService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly leases: LeasesRepository,
    private readonly chunks: StreamChunksRepository,
    private readonly images: MessageImagesService,
    private readonly personas: PersonasService,
  ) {}

  /** Starts a conversation in the persona's workspace. 404 when the persona is not visible to the caller. */
  async start(principal: Principal, personaId: number, title: string | null): Promise<ConversationRow> {
    const persona = await this.personas.getVisible(principal, personaId);
    const id = await this.conversations.create({
      workspaceId: persona.workspaceId,
      userId: principal.userId,
      personaId,
      title: title ?? UNTITLED,
      isTitleGenerated: title === null,
    });
    return this.get(principal, id);
  }

  /** For doors that have made sure themselves that this user may talk with this persona: starts a conversation of theirs. @returns its id */
  async startThrough(conversation: {
    channel: string;
    workspaceId: number;
    userId: number;
    personaId: number;
    title: string;
    isEncrypted: boolean;
  }): Promise<number> {
    return this.conversations.create({ ...conversation, isTitleGenerated: false });
  }

  /**
   * For doors that show a conversation as it grows: for so long every message that is added is told on the events bus (`conversation.extended`), and
   * replies are streamed. Whoever reads the conversation after this has resolved misses nothing. The caller has made sure that it may be seen.
   */
  async watch(conversationIds: readonly number[], forMs: number): Promise<void> {
    if (conversationIds.length > 0) await this.conversations.watch(conversationIds, forMs);
  }

  /** For other libraries: the version of its persona that answers in a conversation, whoever asks. Null when the persona is deleted. */
  async answeringVersion(conversationId: number): Promise<number | null> {
    return this.conversations.answeringVersion(conversationId);
  }

  async list(
    principal: Principal,
    filter: { personaId?: number; limit: number; cursor?: string },
  ): Promise<ConversationPage> {
    const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor);
    const found = await this.conversations.list(principal.userId, {
      personaId: filter.personaId,
      limit: filter.limit + 1,
      after,
    });
    const rows = found.slice(0, filter.limit);
    const hasMore = found.length > filter.limit;
    const last = rows.at(-1);
    return {
      rows,
      hasMore,
      nextCursor:
        hasMore && last !== undefined ? encodeCursor({ atMicros: last.updated_at_micros, id: last.id }) : null,
    };
  }

  async get(principal: Principal, id: number): Promise<ConversationRow> {
    return (await this.conversations.findOwned(principal.userId, id)) ?? (await this.refuse(id));
  }

  async update(
    principal: Principal,
    id: number,
    changes: { title?: string; personaId?: number; isActive?: boolean },
  ): Promise<ConversationRow> {
    const conversation = await this.get(principal, id);
    if (isOfSession(conversation)) {
      if (changes.isActive !== undefined) throw belongsToSession(id, 'is_active');
      if (changes.personaId !== undefined) throw belongsToSession(id, 'persona_id');
    }
    if (changes.personaId !== undefined && changes.personaId !== conversation.persona_id) {
      const persona = await this.personas.getVisible(principal, changes.personaId);
      // Everything in a conversation, and what it cost, belongs to one workspace.
      if (persona.workspaceId !== conversation.workspace_id) throw personaInOtherWorkspace();
    }
    return (await this.conversations.update(principal.userId, id, changes)) ?? (await this.refuse(id));
  }

  /** Erases the conversation with its messages. What it cost stays in the ledger, without content. */
  async delete(principal: Principal, id: number): Promise<void> {
    let uploads: string[] = [];
    const isDeleted = await this.database
      .transaction(async () => {
        // A stranger must not even lock; and a worker in the middle of it finds its lease gone and discards its reply.
        if ((await this.conversations.findOwned(principal.userId, id)) === undefined) return false;
        await this.leases.lock(id);
        await this.chunks.forgetConversation(id);
        uploads = await this.images.releaseConversation(id);
        return this.conversations.delete(principal.userId, id);
      })
      .catch((error: unknown) => {
        // The same request, sent twice, was faster.
        if (isConversationGone(error)) return false;
        throw error;
      });
    if (!isDeleted) await this.refuse(id);
    await this.images.removeUnused(uploads);
  }

  async countForUser(userId: number): Promise<{ conversations: number; messages: number }> {
    return this.conversations.countForUser(userId);
  }

  /** 403 for somebody else's, 404 for none: ids are consecutive, so the difference tells nothing new. */
  async refuse(id: number): Promise<never> {
    throw (await this.conversations.exists(id)) ? conversationForbidden(id) : conversationNotFound(id);
  }
}
