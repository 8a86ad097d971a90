import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Client, ClientFields, ClientFilter } from '../client';

const COLUMNS = `c.id, c.workspace_id AS "workspaceId", c.created_by AS "createdBy", c.name, c.email, c.phone, c.external_id AS "externalId", c.metadata,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt"`;

/** Who may see a client: members ($1) of its workspace. Every query on behalf of a user is made of it. */
const IS_VISIBLE = `EXISTS (SELECT 1 FROM workspace_members m WHERE m.workspace_id = c.workspace_id AND m.user_id = $1)`;

/**
 * A page of each workspace, then one of all: so each is read along its index, however many clients it has. $3 and $6 are always there: with a
 * condition that may be none, a prepared statement would read a workspace from its newest client on.
 */
const listOf = (clients: string, condition: string): string => `SELECT c.* FROM workspace_members m CROSS JOIN LATERAL (
    SELECT ${COLUMNS} FROM ${clients} c
    WHERE c.workspace_id = m.workspace_id AND c.id < $3 AND ${condition}
    ORDER BY c.id DESC LIMIT $4
  ) c WHERE m.user_id = $1 AND ($2::bigint IS NULL OR m.workspace_id = $2) ORDER BY c.id DESC LIMIT $4`;

/** One statement per way to look, so that each has the plan of its own index. */
const CONTAINS = `($5::text IS NULL OR c.name ILIKE $5 OR c.email ILIKE $5)`;
const LIST = listOf('clients', `c.id >= $6 AND ${CONTAINS}`);
/** The address first, whatever the order: a partial index has no statistics, and PostgreSQL would take hundreds of clients to have it. */
const OF_EMAIL = `(SELECT * FROM clients k WHERE k.workspace_id = m.workspace_id AND lower(k.email) = lower($6) OFFSET 0)`;
const LIST_BY_EMAIL = listOf(OF_EMAIL, `($7::text IS NULL OR c.external_id = $7) AND ${CONTAINS}`);
const LIST_BY_EXTERNAL_ID = listOf('clients', `c.external_id = $6 AND ${CONTAINS}`);

/** Of the workspaces with so many clients or more, where the first of these ends: no part of a name was looked for behind it. */
const HORIZON = `SELECT max(h.id) AS id FROM workspace_members m CROSS JOIN LATERAL (
    SELECT c.id FROM clients c WHERE c.workspace_id = m.workspace_id AND c.id < $3 ORDER BY c.id DESC OFFSET $4 - 1 LIMIT 1
  ) h WHERE m.user_id = $1 AND ($2::bigint IS NULL OR m.workspace_id = $2)`;

const NEWER_THAN_ALL = Number.MAX_SAFE_INTEGER;

const literally = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

@Injectable()
export class ClientsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined when the user is no member of the workspace. An `external_id` that is used is a unique violation on `clients_external_key`. */
  async insert(userId: number, workspaceId: number, client: ClientFields): Promise<Client | undefined> {
    const [row] = await this.database.query<Client>(
      `INSERT INTO clients AS c (workspace_id, created_by, name, email, phone, external_id, metadata)
       SELECT m.workspace_id, m.user_id, $3, $4, $5, $6, $7::json FROM workspace_members m WHERE m.workspace_id = $2 AND m.user_id = $1
       RETURNING ${COLUMNS}`,
      [
        userId,
        workspaceId,
        client.name,
        client.email,
        client.phone,
        client.externalId,
        JSON.stringify(client.metadata),
      ],
    );
    return row;
  }

  async findVisible(userId: number, id: number): Promise<Client | undefined> {
    const [row] = await this.database.query<Client>(
      `SELECT ${COLUMNS} FROM clients c WHERE c.id = $2 AND ${IS_VISIBLE}`,
      [userId, id],
    );
    return row;
  }

  /** Newest first. */
  list(userId: number, filter: ClientFilter): Promise<Client[]> {
    const { workspaceId, beforeId, sinceId, limit, contains, email, externalId } = filter;
    const common = [
      userId,
      workspaceId ?? null,
      beforeId ?? NEWER_THAN_ALL,
      limit,
      contains === undefined ? null : literally(contains),
    ];
    if (email !== undefined) return this.database.query<Client>(LIST_BY_EMAIL, [...common, email, externalId ?? null]);
    if (externalId !== undefined) return this.database.query<Client>(LIST_BY_EXTERNAL_ID, [...common, externalId]);
    return this.database.query<Client>(LIST, [...common, sinceId ?? 0]);
  }

  /**
   * So many clients of each workspace can be looked through, from `beforeId` on: the smallest id down to which that is all of them. Undefined
   * where no workspace has so many.
   */
  async horizon(
    userId: number,
    { workspaceId, beforeId }: Pick<ClientFilter, 'workspaceId' | 'beforeId'>,
    clients: number,
  ): Promise<number | undefined> {
    const [row] = await this.database.query<{ id: number | null }>(HORIZON, [
      userId,
      workspaceId ?? null,
      beforeId ?? NEWER_THAN_ALL,
      clients,
    ]);
    return row?.id ?? undefined;
  }

  /** What is undefined stays; null takes a value away. Undefined when it is not visible to the user. */
  async update(userId: number, id: number, changes: Partial<ClientFields>): Promise<Client | undefined> {
    const [row] = await this.database.query<Client>(
      `UPDATE clients c SET name = coalesce($3, name), email = CASE WHEN $4 THEN $5 ELSE email END, phone = CASE WHEN $6 THEN $7 ELSE phone END,
         external_id = CASE WHEN $8 THEN $9 ELSE external_id END, metadata = coalesce($10::json, metadata), updated_at = now()
       WHERE c.id = $2 AND ${IS_VISIBLE} RETURNING ${COLUMNS}`,
      [
        userId,
        id,
        changes.name ?? null,
        changes.email !== undefined,
        changes.email ?? null,
        changes.phone !== undefined,
        changes.phone ?? null,
        changes.externalId !== undefined,
        changes.externalId ?? null,
        changes.metadata === undefined ? null : JSON.stringify(changes.metadata),
      ],
    );
    return row;
  }

  /** Whether sessions of other members would go with it although this user does not own the workspace. */
  async belongsToColleagues(userId: number, id: number): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM clients c JOIN workspace_members m ON m.workspace_id = c.workspace_id AND m.user_id = $1
       WHERE c.id = $2 AND m.role <> 'owner' AND EXISTS (SELECT 1 FROM sessions s WHERE s.client_id = c.id AND s.user_id <> $1)`,
      [userId, id],
    );
    return rows.length > 0;
  }

  /** Some of its conversations, with whom they belong to. For a client that the caller was found to see. */
  conversationsOf(
    id: number,
    limit: number,
  ): Promise<{ conversationId: number; userId: number; workspaceId: number }[]> {
    return this.database.query(
      `SELECT conversation_id AS "conversationId", user_id AS "userId", workspace_id AS "workspaceId" FROM sessions
       WHERE client_id = $1 ORDER BY id DESC LIMIT $2`,
      [id, limit],
    );
  }

  /** False when it has sessions: their conversations must go first. */
  async deleteWithoutSessions(id: number): Promise<boolean> {
    return this.database.transaction(async () => {
      // Whoever begins a session meanwhile waits for this, and is told that there is no such client.
      await this.database.query(`SELECT 1 FROM clients WHERE id = $1 FOR UPDATE`, [id]);
      if ((await this.conversationsOf(id, 1)).length > 0) return false;
      await this.database.query(`DELETE FROM clients WHERE id = $1`, [id]);
      return true;
    });
  }
}
