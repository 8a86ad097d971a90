import { toPage, type Page, type Principal } from '@app/platform';
import { AppError, badInput } from '@app/kernel';
import type { ConversationFile } from '@app/contracts';
import { ConversationFiles, MessagesService, type MessageListPage } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import type { Escalation, HistoryEntry, StoredTrigger } from './escalation';
import { fileNotFound } from './inbox.errors';
import { EscalationsRepository, type InboxFilter } from './persistence/escalations.repository';
import { TeamAccess } from './team-access.service';

export interface EscalationDetails {
  escalation: Escalation;
  triggers: StoredTrigger[];
  history: HistoryEntry[];
}

const QUEUE_CURSOR = /^\[([0-3]),(\d{1,16})\]$/;

/** Reading the inbox. */
@Injectable()
export class InboxService {
  constructor(
    private readonly escalations: EscalationsRepository,
    private readonly access: TeamAccess,
    private readonly messages: MessagesService,
    private readonly files: ConversationFiles,
  ) {}

  /** Newest first. @throws 403 ESCALATION.AGENTS_ONLY */
  async list(principal: Principal, filter: InboxFilter, beforeId: number | undefined): Promise<Page<Escalation>> {
    await this.access.requireTeam(principal, filter.workspaceId);
    return toPage(await this.escalations.newest(filter, beforeId), filter.limit, ({ id }) => id);
  }

  /** What waits, in the order in which it is to be taken. @throws 403 ESCALATION.AGENTS_ONLY */
  async queue(principal: Principal, filter: InboxFilter, cursor: string | undefined): Promise<Page<Escalation>> {
    await this.access.requireTeam(principal, filter.workspaceId);
    const found = await this.escalations.queue(filter, cursor === undefined ? undefined : placeOf(cursor));
    const items = found.slice(0, filter.limit);
    const last = items.at(-1);
    const hasMore = found.length > filter.limit;
    return {
      items,
      hasMore,
      nextCursor:
        hasMore && last !== undefined ? Buffer.from(`[${last.priority},${last.id}]`).toString('base64url') : null,
    };
  }

  /** @throws 404 ESCALATION.NOT_FOUND */
  async details(principal: Principal, id: number): Promise<EscalationDetails> {
    const escalation = await this.access.open(principal, id);
    const [triggers, history] = await Promise.all([this.escalations.triggersOf(id), this.escalations.historyOf(id)]);
    return { escalation, triggers, history };
  }

  /** What was said in its conversation until it ended, as the customer sees it. @throws 404 ESCALATION.NOT_FOUND */
  async messagesOf(
    principal: Principal,
    id: number,
    page: { limit: number; beforeSeq?: number; afterSeq?: number },
  ): Promise<MessageListPage> {
    const { customerId: userId, workspaceId, conversationId, endedSeq } = await this.access.open(principal, id);
    const customer: Principal = { userId, workspaceId, loginId: 0, isInstanceAdmin: false };
    if (endedSeq === null) return this.messages.list(customer, conversationId, { ...page, isCurrentOnly: true });
    // What they say to the AI afterwards is between them.
    const beforeSeq =
      page.afterSeq === undefined ? Math.min(page.beforeSeq ?? endedSeq + 1, endedSeq + 1) : page.beforeSeq;
    const found = await this.messages.list(customer, conversationId, { ...page, beforeSeq, isCurrentOnly: true });
    const rows = found.rows.filter(({ seq }) => seq <= endedSeq);
    return { rows, hasMore: found.hasMore && rows.length === found.rows.length };
  }

  /** A file that came with one of these messages. @throws 404 ESCALATION.NOT_FOUND, ESCALATION.FILE_NOT_FOUND */
  async fileOf(principal: Principal, id: number, fileId: number): Promise<ConversationFile & { content: Buffer }> {
    const { customerId: userId, workspaceId, conversationId, endedSeq } = await this.access.open(principal, id);
    const customer: Principal = { userId, workspaceId, loginId: 0, isInstanceAdmin: false };
    const file = await this.files.find(conversationId, fileId);
    if (file === undefined || file.messageId === null) throw fileNotFound(fileId);
    const { seq } = await this.messages.owned(customer, file.messageId).catch((error: unknown) => {
      throw error instanceof AppError ? fileNotFound(fileId) : error;
    });
    if (endedSeq !== null && seq > endedSeq) throw fileNotFound(fileId);
    const content = await this.files.read(conversationId, fileId);
    if (content === undefined) throw fileNotFound(fileId);
    return { ...file, content };
  }
}

function placeOf(cursor: string): { priority: number; id: number } {
  const match = QUEUE_CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (match === null) throw badInput('cursor', 'is not a cursor of this list. Leave it out for the first page.');
  return { priority: Number(match[1]), id: Number(match[2]) };
}
