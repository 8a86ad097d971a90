import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

export interface PresentState {
  pendingTurns: number;
  runningTurns: number;
  /** For how long the oldest turn that could run has waited. */
  oldestWaitSeconds: number;
  activeConversations: number;
}

/** What goes on right now. */
@Injectable()
export class PresentStateRepository {
  constructor(private readonly database: Database) {}

  /** Both parts are small: turns that are not finished, and the calls of the last 15 minutes. */
  async read(): Promise<PresentState> {
    const [row] = await this.database.query<PresentState>(
      `SELECT count(*) FILTER (WHERE status = 'pending') AS "pendingTurns", count(*) FILTER (WHERE status = 'running') AS "runningTurns",
         coalesce(extract(epoch FROM now() - min(not_before) FILTER (WHERE status = 'pending' AND not_before <= now())), 0)::float8 AS "oldestWaitSeconds",
         (SELECT count(DISTINCT conversation_id) FROM model_calls WHERE started_at > now() - interval '15 minutes') AS "activeConversations"
       FROM turns WHERE status IN ('pending', 'running')`,
    );
    return row!;
  }
}
