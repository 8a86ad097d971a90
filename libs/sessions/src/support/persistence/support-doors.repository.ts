import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SupportDoor, SupportDoorChoices, SupportDoorSettings } from '../support-door';

const HAS_PERSONA = `(p.deleted_at IS NULL AND p.visibility = 'workspace')`;

const CHOICES = `d.allowed_origins AS "allowedOrigins", d.requires_identity AS "requiresIdentity", d.identity_secret AS "identitySecret",
  d.sessions_per_minute AS "sessionsPerMinute", d.messages_per_minute AS "messagesPerMinute", d.created_at AS "createdAt", d.updated_at AS "updatedAt"`;

const SELECT = `SELECT d.workspace_id AS "workspaceId", d.public_key AS "publicKey", d.persona_id AS "personaId", d.is_enabled AS "isEnabled",
  ${HAS_PERSONA} AS "hasPersona", ${CHOICES} FROM support_doors d JOIN personas p ON p.id = d.persona_id`;

@Injectable()
export class SupportDoorsRepository {
  constructor(private readonly database: Database) {}

  async findByKey(publicKey: string): Promise<SupportDoor | undefined> {
    const [door] = await this.database.query<SupportDoorSettings>(`${SELECT} WHERE d.public_key = $1`, [publicKey]);
    return door;
  }

  /** Callers make sure that whoever asks may know it. */
  async findOfWorkspace(workspaceId: number): Promise<SupportDoorSettings | undefined> {
    const [door] = await this.database.query<SupportDoorSettings>(`${SELECT} WHERE d.workspace_id = $1`, [workspaceId]);
    return door;
  }

  /** The door of the default workspace; as long as nobody has set it up, the persona that the instance came with answers. */
  async findDefault(): Promise<SupportDoor | undefined> {
    const [door] = await this.database.query<SupportDoor>(
      `SELECT w.id AS "workspaceId", d.public_key AS "publicKey", p.id AS "personaId", coalesce(d.is_enabled, true) AS "isEnabled",
         ${HAS_PERSONA} AS "hasPersona", coalesce(d.allowed_origins, '{}') AS "allowedOrigins", coalesce(d.requires_identity, false) AS "requiresIdentity",
         d.identity_secret AS "identitySecret", d.sessions_per_minute AS "sessionsPerMinute", d.messages_per_minute AS "messagesPerMinute"
       FROM workspaces w LEFT JOIN support_doors d ON d.workspace_id = w.id
       JOIN personas p ON p.workspace_id = w.id
         AND CASE WHEN d.persona_id IS NULL THEN p.is_default_support AND p.deleted_at IS NULL ELSE p.id = d.persona_id END
       WHERE w.is_default`,
    );
    return door;
  }

  /** Makes the door, or changes it; its key and its secret stay. */
  async save(workspaceId: number, newKey: string, choices: SupportDoorChoices): Promise<void> {
    await this.database.query(
      `INSERT INTO support_doors (workspace_id, public_key, persona_id, is_enabled, allowed_origins, requires_identity, sessions_per_minute, messages_per_minute)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (workspace_id) DO UPDATE SET persona_id = excluded.persona_id, is_enabled = excluded.is_enabled,
         allowed_origins = excluded.allowed_origins, requires_identity = excluded.requires_identity,
         sessions_per_minute = excluded.sessions_per_minute, messages_per_minute = excluded.messages_per_minute, updated_at = now()`,
      [
        workspaceId,
        newKey,
        choices.personaId,
        choices.isEnabled,
        choices.allowedOrigins,
        choices.requiresIdentity,
        choices.sessionsPerMinute,
        choices.messagesPerMinute,
      ],
    );
  }

  /** False when there is no door. */
  async setKey(workspaceId: number, publicKey: string): Promise<boolean> {
    const rows = await this.database.query(
      'UPDATE support_doors SET public_key = $2, updated_at = now() WHERE workspace_id = $1 RETURNING workspace_id',
      [workspaceId, publicKey],
    );
    return rows.length > 0;
  }

  /** False when there is no door. @param encrypted bound to `placeOfSecret(workspaceId)` */
  async setSecret(workspaceId: number, encrypted: string): Promise<boolean> {
    const rows = await this.database.query(
      'UPDATE support_doors SET identity_secret = $2, updated_at = now() WHERE workspace_id = $1 RETURNING workspace_id',
      [workspaceId, encrypted],
    );
    return rows.length > 0;
  }

  /** False when there is none. */
  async remove(workspaceId: number): Promise<boolean> {
    const rows = await this.database.query('DELETE FROM support_doors WHERE workspace_id = $1 RETURNING workspace_id', [
      workspaceId,
    ]);
    return rows.length > 0;
  }
}
