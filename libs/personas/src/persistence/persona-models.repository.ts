import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { FROM_VISIBLE_PERSONAS } from './visible-personas.sql';

/** The models that a version of a persona answers with, in the order in which they are tried. */
export interface PersonaModels {
  /** Id of the version itself. */
  versionId: number;
  personaId: number;
  workspaceId: number;
  name: string;
  version: number;
  /** Null: the instance's default. */
  model: string | null;
  fallbackModels: string[];
}

/** Which models are worth telling of. */
export interface ModelFilter {
  /** Models that are. */
  suspects: readonly string[];
  /** Models that are not. Every other one is, if `othersCount`. */
  fine: readonly string[];
  othersCount: boolean;
  /** What answers for personas that name none. */
  defaultModel: string;
}

/** A model, and how many personas use it. Null: those that name none. */
export interface ModelUse {
  model: string | null;
  personas: number;
}

const COLUMNS = `v.id AS "versionId", p.id AS "personaId", p.workspace_id AS "workspaceId", v.name, v.version, v.model, v.fallback_models AS "fallbackModels"`;

/** The versions that answer now: the published one, and both of a comparison that is running. */
const JOIN_ANSWERING_VERSIONS = `JOIN persona_versions v ON v.persona_id = p.id AND (v.version = p.current_version
  OR EXISTS (SELECT 1 FROM persona_experiments x WHERE x.persona_id = p.id AND x.stopped_at IS NULL AND v.version IN (x.version_a, x.version_b)))`;

const PAGE = `p.deleted_at IS NULL AND ($2::bigint IS NULL OR v.id < $2)
  AND EXISTS (SELECT 1 FROM unnest(array_append(v.fallback_models, coalesce(v.model, $3))) AS used (model)
    WHERE used.model = ANY ($4::text[]) OR ($6 AND used.model <> ALL ($5::text[])))
  ORDER BY v.id DESC LIMIT $7`;

/** Which models personas use. */
@Injectable()
export class PersonaModelsRepository {
  constructor(private readonly database: Database) {}

  /** Personas that the user may change and that use such a model, newest version first. */
  editable(userId: number, filter: ModelFilter, limit: number, beforeId: number | undefined): Promise<PersonaModels[]> {
    return this.database.query<PersonaModels>(
      `SELECT ${COLUMNS} ${FROM_VISIBLE_PERSONAS} ${JOIN_ANSWERING_VERSIONS}
       WHERE (p.owner_id = $1 OR m.role = 'owner') AND ${PAGE}`,
      [userId, ...parametersOf(filter, beforeId), limit],
    );
  }

  /** Personas of the whole instance that use such a model, newest version first. For instance admins; it shows no texts. */
  all(filter: ModelFilter, limit: number, beforeId: number | undefined): Promise<PersonaModels[]> {
    return this.database.query<PersonaModels>(
      `SELECT ${COLUMNS} FROM personas p ${JOIN_ANSWERING_VERSIONS} WHERE $1::bigint IS NULL AND ${PAGE}`,
      [null, ...parametersOf(filter, beforeId), limit],
    );
  }

  /** Every model that a persona answers with. Reads all personas: for jobs, not for requests. */
  used(): Promise<ModelUse[]> {
    return this.database.query<ModelUse>(
      `SELECT used.model, count(DISTINCT p.id)::integer AS personas
       FROM personas p ${JOIN_ANSWERING_VERSIONS} CROSS JOIN LATERAL unnest(array_append(v.fallback_models, v.model)) AS used (model)
       WHERE p.deleted_at IS NULL GROUP BY used.model`,
      [],
    );
  }
}

const parametersOf = (filter: ModelFilter, beforeId: number | undefined): unknown[] => [
  beforeId ?? null,
  filter.defaultModel,
  filter.suspects,
  filter.fine,
  filter.othersCount,
];
