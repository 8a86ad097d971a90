import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SESSION_COLUMNS, SESSIONS } from '../../persistence/sessions.repository';
import type { Session, SessionStatus } from '../../session';

export interface CoachingFilter {
  limit: number;
  beforeId?: number;
  clientId?: number;
  personaId?: number;
  status?: SessionStatus;
}

/** The coaching sessions of one user. */
@Injectable()
export class CoachingSessionsRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  list(userId: number, filter: CoachingFilter): Promise<Session[]> {
    return this.database.query<Session>(
      `SELECT ${SESSION_COLUMNS} ${SESSIONS}
       WHERE s.user_id = $1 AND s.kind = 'coaching' AND ($2::bigint IS NULL OR s.id < $2) AND ($3::bigint IS NULL OR s.client_id = $3)
         AND ($4::bigint IS NULL OR s.persona_id = $4) AND ($5::text IS NULL OR s.status = $5) ORDER BY s.id DESC LIMIT $6`,
      [
        userId,
        filter.beforeId ?? null,
        filter.clientId ?? null,
        filter.personaId ?? null,
        filter.status ?? null,
        filter.limit,
      ],
    );
  }

  /** For a session that the caller was found to own. */
  async setGoals(id: number, sealedGoals: readonly string[]): Promise<void> {
    await this.database.query(`UPDATE sessions SET goals = $2::jsonb WHERE id = $1`, [id, JSON.stringify(sealedGoals)]);
  }
}
