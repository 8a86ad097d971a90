import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Session, SessionKind } from '../session';

export interface NewSession {
  kind: SessionKind;
  publicId: string | null;
  secretHash: Buffer | null;
  workspaceId: number;
  userId: number;
  personaId: number;
  clientId: number | null;
  conversationId: number;
  timeoutMs: number;
  goals: string[];
}

const LAST_ACTIVITY = `greatest(c.updated_at, s.started_at, s.reopened_at)`;

/** Needs `s` and `c`, see `SESSIONS`. */
export const SESSION_COLUMNS = `s.id, s.kind, s.public_id AS "publicId", s.workspace_id AS "workspaceId", s.user_id AS "userId", s.persona_id AS "personaId",
  s.client_id AS "clientId", s.conversation_id AS "conversationId", s.status, s.end_reason AS "endReason", s.timeout_ms AS "timeoutMs", s.goals,
  s.summary, s.summary_status AS "summaryStatus", s.read_seq AS "readSeq", s.visitor_data AS "visitorData", s.started_at AS "startedAt",
  s.reopened_at AS "reopenedAt", s.ended_at AS "endedAt", ${LAST_ACTIVITY} AS "lastActivityAt", c.message_count AS "messageCount",
  s.status = 'active' AND ${LAST_ACTIVITY} + s.timeout_ms * interval '1 millisecond' < now() AS "isOverdue"`;

export const SESSIONS = `FROM sessions s JOIN conversations c ON c.id = s.conversation_id`;

@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  /** @returns its internal number */
  async insert(session: NewSession): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO sessions (kind, public_id, secret_hash, workspace_id, user_id, persona_id, client_id, conversation_id, timeout_ms, goals, check_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::bigint, $10::jsonb, now() + $9::bigint * interval '1 millisecond') RETURNING id`,
      [
        session.kind,
        session.publicId,
        session.secretHash,
        session.workspaceId,
        session.userId,
        session.personaId,
        session.clientId,
        session.conversationId,
        session.timeoutMs,
        JSON.stringify(session.goals),
      ],
    );
    return row!.id;
  }

  /** The support session that somebody knows the id of. */
  async findBySecret(secretHash: Buffer): Promise<Session | undefined> {
    const [row] = await this.database.query<Session>(`SELECT ${SESSION_COLUMNS} ${SESSIONS} WHERE s.secret_hash = $1`, [
      secretHash,
    ]);
    return row;
  }

  /** A coaching session of this user. */
  async findOwned(userId: number, publicId: string): Promise<Session | undefined> {
    const [row] = await this.database.query<Session>(
      `SELECT ${SESSION_COLUMNS} ${SESSIONS} WHERE s.public_id = $2 AND s.user_id = $1`,
      [userId, publicId],
    );
    return row;
  }

  /** The session of a conversation, for those who have made sure that they may see it. */
  async findOfConversation(conversationId: number): Promise<Session | undefined> {
    const [row] = await this.database.query<Session>(
      `SELECT ${SESSION_COLUMNS} ${SESSIONS} WHERE s.conversation_id = $1`,
      [conversationId],
    );
    return row;
  }
}
