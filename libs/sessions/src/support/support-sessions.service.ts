import { VisitorsService } from '@app/auth';
import { ConversationsService } from '@app/conversations';
import { AppError } from '@app/kernel';
import { PersonasService } from '@app/personas';
import { AppConfig, Database, EventsBus, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SessionsRepository } from '../persistence/sessions.repository';
import type { Session } from '../session';
import { SessionEndings } from '../timeouts/session-endings.service';
import { SessionAccess } from '../session-access.service';
import { hashOfSessionId, newSecretSessionId } from '../session-ids';
import { sessionNotFound } from '../sessions.errors';
import { isOpen, SupportDoors } from './doors/support-doors.service';
import { type Caller, SupportLimits } from './doors/support-limits';
import { isOriginAllowed } from './doors/support-origins.service';
import { SupportSessionsRepository } from './persistence/support-sessions.repository';
import { placeOfSecret, type SupportDoor } from './support-door';
import {
  identityNotChecked,
  identityRequired,
  originRefused,
  supportClosed,
  supportKeyRequired,
  supportKeyUnknown,
} from './support.errors';
import { type VisitorData, VisitorDataCipher } from './visitors/visitor-data.service';
import { proveVisitor, type ProvenVisitor, type VisitorClaim } from './visitors/visitor-proof';

const TITLE = 'Support chat';

/** A request of a visitor. */
export interface Visit extends Caller {
  /** The page that sent it; undefined when it was none, or one of ours. */
  origin?: string;
  /** Host and port that were asked for. */
  ownHost?: string;
  /** Called when the page may not talk here: then it may not read the answer either. */
  onForeignOrigin?: () => void;
}

export interface NewSupportSession extends VisitorClaim {
  publicKey?: string;
  metadata?: Record<string, unknown>;
}

export interface BegunSupportSession {
  /** The secret: nobody can look it up later. */
  sessionId: string;
  session: Session;
  visitor: VisitorData;
}

/** Support sessions from their beginning to their erasure. */
@Injectable()
export class SupportSessions {
  constructor(
    private readonly database: Database,
    private readonly doors: SupportDoors,
    private readonly limits: SupportLimits,
    private readonly visitors: VisitorsService,
    private readonly visitorData: VisitorDataCipher,
    private readonly conversations: ConversationsService,
    private readonly sessions: SessionsRepository,
    private readonly supportSessions: SupportSessionsRepository,
    private readonly access: SessionAccess,
    private readonly endings: SessionEndings,
    private readonly reader: FieldReader,
    private readonly personas: PersonasService,
    private readonly config: AppConfig,
    private readonly events: EventsBus,
  ) {}

  /**
   * Lets a visitor in.
   * @throws 401 SUPPORT.KEY_UNKNOWN, SUPPORT.KEY_REQUIRED, SUPPORT.IDENTITY_INVALID, SUPPORT.IDENTITY_REQUIRED; 403 SUPPORT.CLOSED,
   * SUPPORT.ORIGIN_REFUSED; 429
   */
  async begin(request: NewSupportSession, visit: Visit): Promise<BegunSupportSession> {
    this.limits.refuseGuessing(visit);
    const door = await this.doorFor(request.publicKey, visit);
    refuseForeign(visit, door);
    if (!isOpen(door)) throw supportClosed();
    const proven = this.prove(request, door, visit);
    if (proven === undefined && door.requiresIdentity) throw identityRequired();
    if (proven === undefined) this.limits.countSession(visit, door);
    this.limits.countVisitor(visit, proven && `${door.workspaceId} ${proven.userId}`);
    return this.create(door, proven, request);
  }

  /**
   * The session whose id a visitor knows, over or not.
   * @throws 404 SESSION.NOT_FOUND, 403 SUPPORT.ORIGIN_REFUSED, 429 after many wrong ids
   */
  async find(sessionId: string, visit: Visit): Promise<Session> {
    this.limits.refuseGuessing(visit);
    const session = await this.access.bySecret(sessionId).catch((error: unknown) => {
      // A database that is away makes no id wrong.
      if (error instanceof AppError && error.status === 404) this.limits.countWrong(visit);
      throw error;
    });
    if (visit.origin !== undefined) refuseForeign(visit, await this.doors.ofWorkspace(session.workspaceId));
    return session;
  }

  /** Nothing can be said in it any more; what was said can be read. Ending it twice is no error. */
  async end(session: Session): Promise<Session> {
    await this.endings.end(session, 'ended');
    const ended = await this.sessions.findOfConversation(session.conversationId);
    if (ended === undefined) throw sessionNotFound();
    return ended;
  }

  /**
   * Erases the session with everything that was said, and the visitor with it when nobody has vouched for them and nothing else is theirs. What
   * it cost stays in the ledger as numbers.
   */
  async erase(session: Session): Promise<void> {
    const { conversationId } = session;
    try {
      await this.database.transaction(async () => {
        await this.conversations.delete(this.access.principalOf(session), conversationId);
        if (!(await this.supportSessions.hasAny(session.userId))) await this.visitors.removeAnonymous(session.userId);
      });
    } catch (error) {
      // The same request, sent twice, was faster.
      throw (await this.sessions.findOfConversation(conversationId)) === undefined ? sessionNotFound() : error;
    }
    const signal = { kind: 'session-ended', reason: 'erased' } as const;
    this.events.publish({ type: 'conversation.signal', conversationId, signal });
    this.events.publish({ type: 'access.revoked', conversationId });
  }

  private async doorFor(publicKey: string | undefined, visit: Visit): Promise<SupportDoor> {
    const door = publicKey === undefined ? await this.doors.keyless() : await this.doors.byKey(publicKey);
    if (door !== undefined) return door;
    if (publicKey === undefined) throw supportKeyRequired();
    this.limits.countWrong(visit);
    throw supportKeyUnknown();
  }

  private prove(claim: VisitorClaim, door: SupportDoor, visit: Visit): ProvenVisitor | undefined {
    const { identitySecret, workspaceId } = door;
    if (claim.userHash === undefined && claim.userToken === undefined) return undefined;
    const opened = identitySecret === null ? null : this.reader.open(identitySecret, placeOfSecret(workspaceId));
    if (opened !== null && !('plain' in opened)) throw identityNotChecked();
    try {
      return proveVisitor(claim, opened === null ? null : opened.plain);
    } catch (error) {
      this.limits.countWrong(visit);
      throw error;
    }
  }

  private async create(
    door: SupportDoor,
    proven: ProvenVisitor | undefined,
    { userId: label, metadata }: NewSupportSession,
  ): Promise<BegunSupportSession> {
    const { workspaceId, personaId } = door;
    const { userId = label ?? null, name, email } = proven ?? {};
    const person = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
    const visitor: VisitorData = {
      userId,
      isProven: proven !== undefined,
      person,
      metadata: { ...metadata, ...person },
    };
    const persona = await this.personas.currentVersion(personaId);
    // This process has not heard of it yet.
    if (persona === null) throw supportClosed();
    const sessionId = newSecretSessionId();
    await this.database.transaction(async () => {
      const visitorId = await (proven === undefined
        ? this.visitors.createAnonymous(workspaceId)
        : this.visitors.findOrCreate(workspaceId, proven.userId));
      const conversationId = await this.conversations.startThrough({
        channel: 'support',
        workspaceId,
        userId: visitorId,
        personaId,
        title: TITLE,
        isEncrypted: true,
      });
      const id = await this.sessions.insert({
        kind: 'support',
        publicId: null,
        secretHash: hashOfSessionId(sessionId),
        workspaceId,
        userId: visitorId,
        personaId,
        clientId: null,
        conversationId,
        timeoutMs: persona.sessionTimeoutMs ?? this.config.sessions.timeoutMs,
        goals: [],
      });
      await this.supportSessions.setVisitorData(id, this.visitorData.seal(id, visitor));
    });
    return { sessionId, session: await this.access.bySecret(sessionId), visitor };
  }
}

function refuseForeign({ origin, ownHost, onForeignOrigin }: Visit, door: SupportDoor | undefined): void {
  if (origin === undefined || isOriginAllowed(origin, door, ownHost)) return;
  onForeignOrigin?.();
  throw originRefused(origin);
}
