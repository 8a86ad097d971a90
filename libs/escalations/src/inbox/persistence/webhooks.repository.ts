import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedEscalations } from './sealed-escalations';

export const WEBHOOK_EVENTS = [
  'escalation.created',
  'escalation.claimed',
  'escalation.resolved',
  'escalation.returned',
  'escalation.overdue',
  'escalation.rated',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface WebhookEndpoint {
  id: number;
  workspaceId: number;
  url: string;
  events: WebhookEvent[];
  isEnabled: boolean;
  /** Why the program has switched it off; null when it has not. */
  disabledReason: string | null;
  /** Since then nothing has arrived; null: the last one did, or there was none. */
  failingSince: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface WebhookDelivery {
  id: number;
  endpointId: number;
  eventId: string;
  eventType: string;
  payload: Record<string, unknown>;
  status: 'pending' | 'delivered' | 'dead';
  attempts: number;
  nextAttemptAt: Date;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Date;
  deliveredAt: Date | null;
}

/** One that is to be sent now. */
export interface DueDelivery {
  id: number;
  endpointId: number;
  eventId: string;
  payload: Record<string, unknown>;
  /** This one included. */
  attempts: number;
  url: string;
  isEnabled: boolean;
  /** Undefined: its key is missing. */
  secret: string | undefined;
}

export type EndpointChanges = Partial<Pick<WebhookEndpoint, 'url' | 'events' | 'isEnabled'>>;

const ENDPOINT = `id, workspace_id AS "workspaceId", url, events, is_enabled AS "isEnabled", disabled_reason AS "disabledReason",
  failing_since AS "failingSince", created_at AS "createdAt", updated_at AS "updatedAt"`;
const DELIVERY = `id, endpoint_id AS "endpointId", event_id AS "eventId", event_type AS "eventType", payload, status, attempts,
  next_attempt_at AS "nextAttemptAt", last_status AS "lastStatus", last_error AS "lastError", created_at AS "createdAt", delivered_at AS "deliveredAt"`;

/** Whom other people's servers are told at, and what they have been told. */
@Injectable()
export class WebhooksRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedEscalations,
  ) {}

  async create(workspaceId: number, url: string, events: readonly string[], secret: string): Promise<WebhookEndpoint> {
    const [id] = await this.database.query<{ id: number }>(`SELECT nextval('webhook_endpoints_id_seq') AS id`);
    const [row] = await this.database.query<WebhookEndpoint>(
      `INSERT INTO webhook_endpoints (id, workspace_id, url, events, secret) VALUES ($1, $2, $3, $4::text[], $5) RETURNING ${ENDPOINT}`,
      [id!.id, workspaceId, url, events, this.sealed.seal('webhook_endpoints', id!.id, 'secret', secret, true).text],
    );
    return row!;
  }

  async count(workspaceId: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*) AS count FROM webhook_endpoints WHERE workspace_id = $1',
      [workspaceId],
    );
    return row!.count;
  }

  list(workspaceId: number, limit: number, afterId: number): Promise<WebhookEndpoint[]> {
    return this.database.query<WebhookEndpoint>(
      `SELECT ${ENDPOINT} FROM webhook_endpoints WHERE workspace_id = $1 AND id > $3 ORDER BY id LIMIT $2`,
      [workspaceId, limit + 1, afterId],
    );
  }

  async find(id: number): Promise<WebhookEndpoint | undefined> {
    const [row] = await this.database.query<WebhookEndpoint>(
      `SELECT ${ENDPOINT} FROM webhook_endpoints WHERE id = $1`,
      [id],
    );
    return row;
  }

  async change(id: number, { url, events, isEnabled }: EndpointChanges): Promise<void> {
    await this.database.query(
      `UPDATE webhook_endpoints SET url = coalesce($2, url), events = coalesce($3::text[], events), is_enabled = coalesce($4::boolean, is_enabled),
         disabled_reason = CASE WHEN $4::boolean THEN NULL ELSE disabled_reason END,
         failing_since = CASE WHEN $4::boolean OR $2 <> url THEN NULL ELSE failing_since END, updated_at = now() WHERE id = $1`,
      [id, url ?? null, events ?? null, isEnabled ?? null],
    );
  }

  async setSecret(id: number, secret: string): Promise<void> {
    await this.database.query(`UPDATE webhook_endpoints SET secret = $2, updated_at = now() WHERE id = $1`, [
      id,
      this.sealed.seal('webhook_endpoints', id, 'secret', secret, true).text,
    ]);
  }

  async remove(id: number): Promise<void> {
    await this.database.query('DELETE FROM webhook_endpoints WHERE id = $1', [id]);
  }

  /** Newest first. */
  deliveries(endpointId: number, limit: number, beforeId: number | undefined): Promise<WebhookDelivery[]> {
    return this.database.query<WebhookDelivery>(
      `SELECT ${DELIVERY} FROM webhook_deliveries WHERE endpoint_id = $1 AND ($3::bigint IS NULL OR id < $3) ORDER BY id DESC LIMIT $2`,
      [endpointId, limit + 1, beforeId ?? null],
    );
  }

  /** In the transaction in which it happens: one for each endpoint that wants it, and is not removed in this moment. What was said is in none. */
  async enqueue(escalationId: number, event: WebhookEvent): Promise<void> {
    await this.database.query(
      `INSERT INTO webhook_deliveries (endpoint_id, event_type, payload)
       SELECT w.id, $2::varchar, jsonb_build_object('type', $2::varchar, 'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'data', jsonb_build_object('escalation_id', e.id, 'workspace_id', e.workspace_id, 'conversation_id', e.conversation_id, 'persona_id', e.persona_id,
           'status', e.status, 'reason', e.reason, 'skill', e.skill, 'priority', e.priority, 'tags', to_jsonb(e.tags), 'assigned_to', e.assigned_to,
           'due_at', e.due_at, 'created_at', e.created_at, 'csat_rating', e.csat_rating))
       FROM escalations e JOIN webhook_endpoints w ON w.workspace_id = e.workspace_id AND w.is_enabled AND $2 = ANY (w.events)
       WHERE e.id = $1 ORDER BY w.id FOR KEY SHARE OF w`,
      [escalationId, event],
    );
  }

  /**
   * Takes some that are due, one for each endpoint: one that does not answer holds up nobody else. For so long nobody else sends them.
   * @param except endpoints that are left alone
   */
  async takeDue(limit: number, holdMs: number, except: readonly number[]): Promise<DueDelivery[]> {
    const rows = await this.database.query<DueDelivery & { sealed: string }>(
      `WITH due AS MATERIALIZED (
         SELECT d.id FROM webhook_endpoints w CROSS JOIN LATERAL (
           SELECT id FROM webhook_deliveries WHERE endpoint_id = w.id AND status = 'pending' AND next_attempt_at <= now()
           ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
         ) d WHERE w.id <> ALL ($3::bigint[]) LIMIT $1
       )
       UPDATE webhook_deliveries d SET attempts = d.attempts + 1, next_attempt_at = now() + $2 * interval '1 millisecond'
       FROM due, webhook_endpoints w WHERE d.id = due.id AND w.id = d.endpoint_id
       RETURNING d.id, d.endpoint_id AS "endpointId", d.event_id AS "eventId", d.payload, d.attempts, w.url, w.is_enabled AS "isEnabled",
         w.secret AS sealed`,
      [limit, holdMs, except],
    );
    return rows.map(({ sealed, ...row }) => ({
      ...row,
      secret: this.sealed.tryOpen('webhook_endpoints', row.endpointId, 'secret', sealed),
    }));
  }

  async delivered({ id, endpointId }: Pick<DueDelivery, 'id' | 'endpointId'>): Promise<void> {
    await this.database.query(
      `UPDATE webhook_deliveries SET status = 'delivered', delivered_at = now(), last_status = NULL, last_error = NULL WHERE id = $1`,
      [id],
    );
    await this.database.query(
      `UPDATE webhook_endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL`,
      [endpointId],
    );
  }

  /** @param delayMs null: it is not tried again */
  async failed(id: number, status: number | null, error: string, delayMs: number | null): Promise<void> {
    await this.database.query(
      `UPDATE webhook_deliveries SET last_status = $2, last_error = left($3, 200), status = CASE WHEN $4::bigint IS NULL THEN 'dead' ELSE status END,
         next_attempt_at = now() + coalesce($4::bigint, 0) * interval '1 millisecond' WHERE id = $1`,
      [id, status, error, delayMs],
    );
  }

  /** Sends nothing that an endpoint has not got yet. */
  async giveUp(endpointId: number, error: string): Promise<void> {
    await this.database.query(
      `UPDATE webhook_deliveries SET status = 'dead', last_status = NULL, last_error = $2 WHERE endpoint_id = $1 AND status = 'pending'`,
      [endpointId, error],
    );
  }

  /** An attempt has failed. @returns whether the endpoint was switched off for it: nothing has arrived for so long */
  async failing(endpointId: number, disableAfterDays: number, reason: string): Promise<boolean> {
    const [row] = await this.database.query<{ isEnabled: boolean }>(
      `UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, now()), is_enabled = failing_since IS NULL,
         disabled_reason = CASE WHEN failing_since IS NOT NULL THEN $3 END
       WHERE id = $1 AND is_enabled AND (failing_since IS NULL OR failing_since < now() - $2 * interval '1 day')
       RETURNING is_enabled AS "isEnabled"`,
      [endpointId, disableAfterDays, reason],
    );
    return row?.isEnabled === false;
  }

  async disable(endpointId: number, reason: string): Promise<void> {
    await this.database.query(
      `UPDATE webhook_endpoints SET is_enabled = false, disabled_reason = $2, updated_at = now() WHERE id = $1`,
      [endpointId, reason],
    );
  }

  /** Tries one again that was given up, or at once one that waits. False when there is none such. */
  async retry(endpointId: number, deliveryId: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE webhook_deliveries SET status = 'pending', attempts = 0, next_attempt_at = now()
       WHERE id = $2 AND endpoint_id = $1 AND status <> 'delivered' RETURNING id`,
      [endpointId, deliveryId],
    );
    return rows.length > 0;
  }

  /** Removes what was settled long ago. */
  async removeOlderThan(days: number, limit: number): Promise<void> {
    await this.database.query(
      `DELETE FROM webhook_deliveries WHERE id IN (
         SELECT id FROM webhook_deliveries WHERE status <> 'pending' AND created_at < now() - $1 * interval '1 day' ORDER BY created_at LIMIT $2)`,
      [days, limit],
    );
  }
}
