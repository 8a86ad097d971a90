import { isDeepStrictEqual } from 'node:util';
import { Database, DecryptionError, FieldCipher } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel, ChannelSettings, ChannelType } from '../../core/channel';
import type { Credentials } from '../../core/channel-adapter';
import { withDefaults } from '../../core/channel-settings';

/** What can be said of a channel apart from its credentials. */
export interface NewChannel {
  workspaceId: number;
  personaId: number;
  type: ChannelType;
  name: string;
  accountId: string;
  settings: Partial<ChannelSettings>;
  isEnabled: boolean;
}

export type ChannelChanges = Partial<Pick<NewChannel, 'personaId' | 'name' | 'settings' | 'isEnabled'>>;

/** With its credentials as they are stored. */
export interface SealedChannel extends Channel {
  sealedCredentials: string;
}

/** A row and the version of it: another one when anything was changed. */
export interface ChannelVersion {
  id: number;
  version: string;
}

type ChannelRow = Omit<Channel, 'settings'> & { settings: Partial<ChannelSettings> };

const COLUMNS = `c.id, c.workspace_id AS "workspaceId", c.persona_id AS "personaId", c.type, c.name, c.account_id AS "accountId", c.settings,
  c.is_enabled AS "isEnabled", c.problem_code AS "problemCode", c.problem_at AS "problemAt", c.checked_at AS "checkedAt",
  c.created_at AS "createdAt", c.updated_at AS "updatedAt"`;

/** Place that a channel's credentials are bound to. */
const placeOf = (id: number): string => `channels/${id}/credentials`;

/** Channels, with credentials that nobody can read without the key. Callers make sure that whoever asks may know them. */
@Injectable()
export class ChannelsRepository {
  constructor(
    private readonly database: Database,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws a unique violation of `channels_account_key` when the workspace has this account already */
  async insert(channel: NewChannel, credentials: Credentials): Promise<Channel> {
    const [next] = await this.database.query<{ id: number }>(
      `SELECT nextval(pg_get_serial_sequence('channels', 'id')) AS id`,
    );
    const id = Number(next!.id);
    const [row] = await this.database.query<ChannelRow>(
      `INSERT INTO channels AS c (id, workspace_id, persona_id, type, name, account_id, settings, is_enabled, credentials, encryption_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10) RETURNING ${COLUMNS}`,
      [
        id,
        channel.workspaceId,
        channel.personaId,
        channel.type,
        channel.name,
        channel.accountId,
        JSON.stringify(channel.settings),
        channel.isEnabled,
        this.seal(id, credentials),
        this.cipher.currentKeyId,
      ],
    );
    return toChannel(row!);
  }

  async find(id: number): Promise<Channel | undefined> {
    const [row] = await this.database.query<ChannelRow>(`SELECT ${COLUMNS} FROM channels c WHERE c.id = $1`, [id]);
    return row === undefined ? undefined : toChannel(row);
  }

  /** The workspace's channel for an account. */
  async findByAccount(workspaceId: number, type: ChannelType, accountId: string): Promise<Channel | undefined> {
    const [row] = await this.database.query<ChannelRow>(
      `SELECT ${COLUMNS} FROM channels c WHERE c.workspace_id = $1 AND c.type = $2 AND c.account_id = $3`,
      [workspaceId, type, accountId],
    );
    return row === undefined ? undefined : toChannel(row);
  }

  /** By id; one more than `limit` when there are more. */
  async list(workspaceId: number, limit: number, afterId: number): Promise<Channel[]> {
    const rows = await this.database.query<ChannelRow>(
      `SELECT ${COLUMNS} FROM channels c WHERE c.workspace_id = $1 AND c.id > $3 ORDER BY c.id LIMIT $2`,
      [workspaceId, limit + 1, afterId],
    );
    return rows.map(toChannel);
  }

  async count(workspaceId: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM channels WHERE workspace_id = $1',
      [workspaceId],
    );
    return row!.count;
  }

  /** What is not given stays, also single settings. */
  async change(id: number, { personaId, name, settings, isEnabled }: ChannelChanges): Promise<void> {
    await this.database.query(
      `UPDATE channels SET persona_id = coalesce($2, persona_id), name = coalesce($3, name), settings = settings || coalesce($4::jsonb, '{}'),
         is_enabled = coalesce($5::boolean, is_enabled), updated_at = now() WHERE id = $1`,
      [
        id,
        personaId ?? null,
        name ?? null,
        settings === undefined ? null : JSON.stringify(settings),
        isEnabled ?? null,
      ],
    );
  }

  /** In a transaction: nobody else changes it until its end. */
  async lock(id: number): Promise<SealedChannel | undefined> {
    const [row] = await this.database.query<ChannelRow & { sealedCredentials: string }>(
      `SELECT ${COLUMNS}, c.credentials AS "sealedCredentials" FROM channels c WHERE c.id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    return row === undefined ? undefined : { ...toChannel(row), sealedCredentials: row.sealedCredentials };
  }

  /** Whatever was wrong with the former ones is forgotten. */
  async setCredentials(id: number, credentials: Credentials): Promise<void> {
    await this.database.query(
      `UPDATE channels SET credentials = $2, encryption_key = $3, problem_code = NULL, problem_at = NULL, updated_at = now() WHERE id = $1`,
      [id, this.seal(id, credentials), this.cipher.currentKeyId],
    );
  }

  /** @param code null: nothing is wrong any more. @returns whether that is news */
  async setProblem(id: number, code: string | null): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE channels SET problem_code = $2, problem_at = CASE WHEN $2::varchar IS NOT NULL THEN now() END
       WHERE id = $1 AND problem_code IS DISTINCT FROM $2 RETURNING id`,
      [id, code],
    );
    return rows.length > 0;
  }

  async setChecked(id: number): Promise<void> {
    await this.database.query('UPDATE channels SET checked_at = now() WHERE id = $1', [id]);
  }

  async remove(id: number): Promise<void> {
    await this.database.query('DELETE FROM channels WHERE id = $1', [id]);
  }

  /** Of all channels, oldest first, to see which have changed. */
  versions(): Promise<ChannelVersion[]> {
    return this.database.query<ChannelVersion>('SELECT id, xmin::text AS version FROM channels ORDER BY id');
  }

  /** Of any workspace: for the processes themselves. */
  async sealed(ids: readonly number[]): Promise<(SealedChannel & ChannelVersion)[]> {
    const rows = await this.database.query<ChannelRow & ChannelVersion & { sealedCredentials: string }>(
      `SELECT ${COLUMNS}, c.credentials AS "sealedCredentials", c.xmin::text AS version FROM channels c WHERE c.id = ANY ($1::bigint[])`,
      [ids],
    );
    return rows.map((row) => ({ ...toChannel(row), sealedCredentials: row.sealedCredentials, version: row.version }));
  }

  /** @throws DecryptionError */
  open({ id, sealedCredentials }: Pick<SealedChannel, 'id' | 'sealedCredentials'>): Credentials {
    return JSON.parse(this.cipher.decrypt(sealedCredentials, placeOf(id))) as Credentials;
  }

  /** Whether these are what is stored; false also when that cannot be read. */
  holds(stored: Pick<SealedChannel, 'id' | 'sealedCredentials'>, credentials: Credentials): boolean {
    try {
      return isDeepStrictEqual(this.open(stored), credentials);
    } catch (error) {
      if (error instanceof DecryptionError) return false;
      throw error;
    }
  }

  private seal(id: number, credentials: Credentials): string {
    return this.cipher.encrypt(JSON.stringify(credentials), placeOf(id));
  }
}

const toChannel = (row: ChannelRow): Channel => ({
  id: row.id,
  workspaceId: row.workspaceId,
  personaId: row.personaId,
  type: row.type,
  name: row.name,
  accountId: row.accountId,
  settings: withDefaults(row.settings, row.type),
  isEnabled: row.isEnabled,
  problemCode: row.problemCode,
  problemAt: row.problemAt,
  checkedAt: row.checkedAt,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
