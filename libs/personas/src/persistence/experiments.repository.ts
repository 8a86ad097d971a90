import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Experiment, type NewExperiment } from '../experiments/experiment';
import { FROM_VISIBLE_PERSONAS } from './visible-personas.sql';

const SELECT_VISIBLE = `SELECT e.id, e.persona_id AS "personaId", e.name, e.version_a AS "versionA", e.version_b AS "versionB",
    a.id AS "versionAId", b.id AS "versionBId", e.share_b AS "shareB", e.started_by AS "startedBy", e.started_at AS "startedAt",
    e.stopped_by AS "stoppedBy", e.stopped_at AS "stoppedAt", e.published_version AS "publishedVersion"
  ${FROM_VISIBLE_PERSONAS} JOIN persona_experiments e ON e.persona_id = p.id
  JOIN persona_versions a ON a.persona_id = e.persona_id AND a.version = e.version_a
  JOIN persona_versions b ON b.persona_id = e.persona_id AND b.version = e.version_b`;

/** Comparisons of versions. Reads are scoped to the personas that the user sees; writes are for a persona that this transaction has locked. */
@Injectable()
export class ExperimentsRepository {
  constructor(private readonly database: Database) {}

  /** A second one that runs is a unique violation on `persona_experiments_one_running_key`. */
  async start(personaId: number, experiment: NewExperiment, startedBy: number): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO persona_experiments (persona_id, name, version_a, version_b, share_b, started_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [personaId, experiment.name, experiment.versionA, experiment.versionB, experiment.shareB, startedBy],
    );
    return row!.id;
  }

  async running(personaId: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ id: number }>(
      `SELECT id FROM persona_experiments WHERE persona_id = $1 AND stopped_at IS NULL`,
      [personaId],
    );
    return row?.id;
  }

  async stop(id: number, stoppedBy: number, publishedVersion: number | null): Promise<void> {
    await this.database.query(
      `UPDATE persona_experiments SET stopped_at = now(), stopped_by = $2, published_version = $3 WHERE id = $1 AND stopped_at IS NULL`,
      [id, stoppedBy, publishedVersion],
    );
  }

  async stopRunning(personaId: number, stoppedBy: number): Promise<void> {
    await this.database.query(
      `UPDATE persona_experiments SET stopped_at = now(), stopped_by = $2 WHERE persona_id = $1 AND stopped_at IS NULL`,
      [personaId, stoppedBy],
    );
  }

  async find(userId: number, personaId: number, id: number): Promise<Experiment | undefined> {
    const [row] = await this.database.query<Experiment>(`${SELECT_VISIBLE} WHERE p.id = $2 AND e.id = $3`, [
      userId,
      personaId,
      id,
    ]);
    return row;
  }

  /** Newest first. */
  list(userId: number, personaId: number, page: { limit: number; beforeId?: number }): Promise<Experiment[]> {
    return this.database.query<Experiment>(
      `${SELECT_VISIBLE} WHERE p.id = $2 AND ($3::bigint IS NULL OR e.id < $3) ORDER BY e.id DESC LIMIT $4`,
      [userId, personaId, page.beforeId ?? null, page.limit],
    );
  }
}
