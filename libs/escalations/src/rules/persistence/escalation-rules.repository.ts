import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { RuleSet } from '../rule-set';

/** Rules as an owner stored them. */
export interface StoredRules {
  workspaceId: number;
  /** Null: for all personas of the workspace that have none of their own. */
  personaId: number | null;
  isEnabled: boolean;
  rules: RuleSet;
  createdAt: Date;
  updatedAt: Date;
}

export interface VersionedRules extends StoredRules {
  /** Another one after every change. */
  version: string;
}

const COLUMNS = `r.workspace_id AS "workspaceId", r.persona_id AS "personaId", r.is_enabled AS "isEnabled", r.rules,
  r.created_at AS "createdAt", r.updated_at AS "updatedAt"`;

@Injectable()
export class EscalationRulesRepository {
  constructor(private readonly database: Database) {}

  /** Callers make sure that whoever asks may know it. */
  async find(workspaceId: number, personaId: number | null): Promise<StoredRules | undefined> {
    const [row] = await this.database.query<StoredRules>(
      `SELECT ${COLUMNS} FROM escalation_rules r WHERE r.workspace_id = $1 AND r.persona_id IS NOT DISTINCT FROM $2`,
      [workspaceId, personaId],
    );
    return row;
  }

  async hasPersona(workspaceId: number, personaId: number): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM personas WHERE id = $2 AND workspace_id = $1 AND deleted_at IS NULL',
      [workspaceId, personaId],
    );
    return rows.length > 0;
  }

  /** False when the workspace has `most` others. */
  async save(
    {
      workspaceId,
      personaId,
      isEnabled,
      rules,
    }: Pick<StoredRules, 'workspaceId' | 'personaId' | 'isEnabled' | 'rules'>,
    most: number,
  ): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO escalation_rules (workspace_id, persona_id, is_enabled, rules) SELECT $1::bigint, $2::bigint, $3::boolean, $4::jsonb
       WHERE (SELECT count(*) FROM escalation_rules WHERE workspace_id = $1 AND persona_id IS DISTINCT FROM $2) < $5::integer
       ON CONFLICT (workspace_id, persona_id) DO UPDATE SET is_enabled = excluded.is_enabled, rules = excluded.rules, updated_at = now()
       RETURNING id`,
      [workspaceId, personaId, isEnabled, JSON.stringify(rules), most],
    );
    return rows.length > 0;
  }

  /** False when there were none. */
  async remove(workspaceId: number, personaId: number | null): Promise<boolean> {
    const rows = await this.database.query(
      'DELETE FROM escalation_rules WHERE workspace_id = $1 AND persona_id IS NOT DISTINCT FROM $2 RETURNING id',
      [workspaceId, personaId],
    );
    return rows.length > 0;
  }

  /** @param workspaceId without it: of all workspaces */
  async all(workspaceId?: number): Promise<VersionedRules[]> {
    return this.database.query<VersionedRules>(
      `SELECT ${COLUMNS}, concat_ws(' ', r.id, extract(epoch FROM r.updated_at)) AS version FROM escalation_rules r WHERE $1::bigint IS NULL OR r.workspace_id = $1`,
      [workspaceId ?? null],
    );
  }

  /** It is another one after every change. */
  async fingerprint(): Promise<string> {
    const [row] = await this.database.query<{ fingerprint: string }>(
      `SELECT concat_ws(' ', count(*), sum(id), sum(extract(epoch FROM updated_at))) AS fingerprint FROM escalation_rules`,
    );
    return row?.fingerprint ?? '';
  }
}
