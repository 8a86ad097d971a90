import { ConversationsService } from '@app/conversations';
import { ellipsize } from '@app/kernel';
import { personaDeleted, PersonasService } from '@app/personas';
import {
  AppConfig,
  Database,
  decodeCursor,
  FieldCipher,
  FieldReader,
  isForeignKeyViolation,
  type Page,
  type Principal,
  toPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ClientsService } from '../clients/clients.service';
import { clientNotFound } from '../clients/clients.errors';
import { SessionsRepository } from '../persistence/sessions.repository';
import { expiresAt, type Session } from '../session';
import { SessionAccess } from '../session-access.service';
import { newSessionId } from '../session-ids';
import { personaOfOtherWorkspace } from '../sessions.errors';
import { summaryPlace } from '../summaries/summary-place';
import { SessionEndings } from '../timeouts/session-endings.service';
import { openGoals, sealGoals } from './goals';
import { type CoachingFilter, CoachingSessionsRepository } from './persistence/coaching-sessions.repository';

/** A coaching session as its owner sees it. */
export interface CoachingSession extends Omit<Session, 'goals' | 'summary'> {
  publicId: string;
  clientId: number;
  goals: string[];
  summary: string | null;
  /** Null when it has ended. */
  expiresAt: Date | null;
}

const MAX_TITLE = 255;
/** What stands in the place of a summary that cannot be read. */
const UNREADABLE_SUMMARY = 'This summary cannot be read: it could not be decrypted.';

/** Sessions that a member of a workspace has about, or with, a client. */
@Injectable()
export class CoachingSessionsService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly coaching: CoachingSessionsRepository,
    private readonly access: SessionAccess,
    private readonly endings: SessionEndings,
    private readonly clients: ClientsService,
    private readonly personas: PersonasService,
    private readonly conversations: ConversationsService,
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
    private readonly config: AppConfig,
  ) {}

  /**
   * Begins a session with a conversation of its own. How long it may be silent is what the persona says now.
   * @throws 404 PERSONA.NOT_FOUND, 404 CLIENT.NOT_FOUND, 422 when they are not of one workspace
   */
  async start(
    principal: Principal,
    { personaId, clientId, goals }: { personaId: number; clientId: number; goals: string[] },
  ): Promise<CoachingSession> {
    const persona = await this.personas.getVisible(principal, personaId);
    const client = await this.clients.get(principal, clientId);
    if (persona.workspaceId !== client.workspaceId) throw personaOfOtherWorkspace();
    const version = await this.personas.version(personaId, persona.version);
    if (version === null) throw personaDeleted(personaId);
    const publicId = newSessionId();
    const session = {
      kind: 'coaching' as const,
      publicId,
      secretHash: null,
      workspaceId: client.workspaceId,
      userId: principal.userId,
      personaId,
      clientId,
      timeoutMs: version.sessionTimeoutMs ?? this.config.sessions.timeoutMs,
      goals: [],
    };
    try {
      await this.database.transaction(async () => {
        const conversationId = await this.conversations.startThrough({
          channel: 'session',
          workspaceId: client.workspaceId,
          userId: principal.userId,
          personaId,
          title: ellipsize(`Session with ${client.name}`, MAX_TITLE),
          isEncrypted: true,
        });
        const id = await this.sessions.insert({ ...session, conversationId });
        if (goals.length > 0) await this.coaching.setGoals(id, sealGoals(this.cipher, id, goals));
      });
    } catch (error) {
      // It was erased meanwhile.
      throw isForeignKeyViolation(error, 'sessions_client_fk') ? clientNotFound(clientId) : error;
    }
    return this.get(principal, publicId);
  }

  /** @throws 404 SESSION.NOT_FOUND */
  async get(principal: Principal, publicId: string): Promise<CoachingSession> {
    return this.opened(await this.access.owned(principal, publicId));
  }

  async list(
    principal: Principal,
    filter: Omit<CoachingFilter, 'beforeId'> & { cursor?: string },
  ): Promise<Page<CoachingSession>> {
    const { cursor, limit, ...rest } = filter;
    const beforeId = cursor === undefined ? undefined : decodeCursor(cursor);
    const found = await this.coaching.list(principal.userId, { ...rest, beforeId, limit: limit + 1 });
    const page = toPage(found, limit, ({ id }) => id);
    return { ...page, items: page.items.map((session) => this.opened(session)) };
  }

  /** The next answer knows the new ones. @throws 404 SESSION.NOT_FOUND */
  async setGoals(principal: Principal, publicId: string, goals: readonly string[]): Promise<CoachingSession> {
    const { id } = await this.access.owned(principal, publicId);
    await this.coaching.setGoals(id, sealGoals(this.cipher, id, goals));
    return this.get(principal, publicId);
  }

  /** One that has ended before is returned as it is. @throws 404 SESSION.NOT_FOUND */
  async end(principal: Principal, publicId: string): Promise<CoachingSession> {
    await this.endings.end(await this.access.owned(principal, publicId), 'ended');
    return this.get(principal, publicId);
  }

  /** One that is active is returned as it is. @throws 404 SESSION.NOT_FOUND */
  async reopen(principal: Principal, publicId: string): Promise<CoachingSession> {
    const session = await this.access.owned(principal, publicId);
    // One that nobody has ended yet although its time is over gets new time, too.
    if (session.isOverdue) await this.endings.endOverdue([session.id]);
    await this.endings.reopen(session);
    return this.get(principal, publicId);
  }

  /** Erases it with all that was said in it. @throws 404 SESSION.NOT_FOUND */
  async delete(principal: Principal, publicId: string): Promise<void> {
    const session = await this.access.owned(principal, publicId);
    await this.conversations.delete(this.access.principalOf(session), session.conversationId);
  }

  private opened(session: Session): CoachingSession {
    const { id, publicId, clientId, goals, summary } = session;
    return {
      ...session,
      publicId: publicId!,
      clientId: clientId!,
      goals: openGoals(this.reader, id, goals),
      summary: summary === null ? null : this.openedSummary(id, summary),
      expiresAt: session.status === 'ended' ? null : expiresAt(session),
    };
  }

  private openedSummary(id: number, summary: string): string {
    const opened = this.reader.open(summary, summaryPlace(id));
    return 'plain' in opened ? opened.plain : UNREADABLE_SUMMARY;
  }
}
