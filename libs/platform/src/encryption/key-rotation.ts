import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Database } from '../database';
import { SeldomLog } from '../logging/seldom-log';
import { Metrics } from '../metrics';
import type { EncryptedTable } from './encrypted-table';
import { type EncryptedRow, EncryptedTableSql, type FreshRow } from './encrypted-tables.repository';
import { DecryptionError, FieldCipher } from './field-cipher';

/** A run ends after this, and the next one goes on: jobs are to be short. */
const RUN_MS = 45_000;
/** After each batch it rests this many times as long as the batch took: at most a quarter of one connection is its own. */
const REST_FACTOR = 3;
const HEALTH_KEPT_MS = 10_000;

export interface EncryptionHealth {
  status: 'ok' | 'rotating' | 'key_missing';
  current_key: string;
  /** Keys of the ring that are not current any more, and what is still encrypted with them; 0: the key can be removed. */
  old_keys: { key: string; values_left: number }[];
  /** Keys that are needed to read what is stored, and that `ENCRYPTION_KEYS` lacks. */
  missing_keys: string[];
}

interface Watched {
  table: EncryptedTable;
  sql: EncryptedTableSql;
}

/** Gives everything that is encrypted the current key, little by little, and knows what still has another one. */
@Injectable()
export class KeyRotation implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly watched: Watched[] = [];
  private known: { at: number; health: Promise<EncryptionHealth> } | undefined;
  private readonly told = new Set<string>();
  private readonly ending = new AbortController();
  private readonly unreadable: SeldomLog;
  private readonly rewritten: { inc(labels: { values: string }, count: number): void };

  constructor(
    private readonly database: Database,
    private readonly cipher: FieldCipher,
    metrics: Metrics,
    private readonly logger: PinoLogger,
  ) {
    this.unreadable = new SeldomLog(
      logger,
      'values cannot be encrypted anew, because they cannot be read; they stay as they are',
    );
    this.rewritten = metrics.counter('parley_encryption_rotated_total', 'Rows that were encrypted with a new key.', [
      'values',
    ]);
    metrics.gauge(
      'parley_encryption_values_left',
      'Rows that are encrypted with a key that is not the current one.',
      ['key'],
      async (gauge) => {
        const health = await this.health().catch(() => undefined);
        gauge.reset();
        for (const { key, values_left } of health?.old_keys ?? []) gauge.set({ key }, values_left);
      },
    );
  }

  /** Who keeps encrypted values says so at the start. */
  register(...tables: EncryptedTable[]): void {
    for (const table of tables) this.watched.push({ table, sql: new EncryptedTableSql(this.database, table) });
  }

  /** Names a key that is missing at once, and not when somebody reads what it has encrypted. */
  onApplicationBootstrap(): void {
    this.health()
      .then(({ missing_keys: keys }) => {
        if (keys.length === 0) return;
        this.logger.error(
          { keys },
          'values in the database are encrypted with keys that ENCRYPTION_KEYS lacks; put them back, behind the current one',
        );
      })
      .catch((error: unknown) => this.logger.warn({ err: error }, 'the keys in use could not be looked at'));
  }

  /** A run ends after the batch that it is at: a process that is to end does not wait for it. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  /**
   * Encrypts anew what does not have the current key, for a while. It may be stopped anywhere, run again, and run at several workers at once:
   * what is done is told by the rows alone, and a row is only written while it is as it was read.
   */
  async run(runMs = RUN_MS): Promise<void> {
    const endsAt = performance.now() + runMs;
    const isLate = (): boolean => this.ending.signal.aborted || performance.now() >= endsAt;
    let rows = 0;
    for (const { table, sql } of this.watched) {
      if (table.isShortLived === true) continue;
      for (const key of await sql.keysInUse()) {
        if (key === this.cipher.currentKeyId || !this.cipher.keyIds.includes(key)) continue;
        rows += await this.rotate(table, sql, key, isLate);
        if (isLate()) break;
      }
      if (isLate()) break;
    }
    this.known = undefined;
    const health = await this.health();
    if (rows > 0) this.logger.info({ rows, ...health }, 'values were encrypted with the current key');
    this.tellWhatCanGo(health);
  }

  /** What is encrypted with which key; at most ten seconds old. Keys cost a look into an index each, however much there is. */
  health(): Promise<EncryptionHealth> {
    if (this.known === undefined || performance.now() - this.known.at > HEALTH_KEPT_MS) {
      const health = this.look();
      this.known = { at: performance.now(), health };
      // A failure is not kept.
      health.catch(() => (this.known = undefined));
    }
    return this.known.health;
  }

  private async look(): Promise<EncryptionHealth> {
    const left = new Map(this.cipher.keyIds.slice(1).map((key) => [key, 0]));
    const missing = new Set<string>();
    for (const { sql } of this.watched) {
      for (const key of await sql.keysInUse()) {
        const before = left.get(key);
        if (before !== undefined) left.set(key, before + (await sql.countOf(key)));
        else if (key !== this.cipher.currentKeyId) missing.add(key);
      }
    }
    const isRotating = [...left.values()].some((count) => count > 0);
    return {
      status: missing.size > 0 ? 'key_missing' : isRotating ? 'rotating' : 'ok',
      current_key: this.cipher.currentKeyId,
      old_keys: [...left].map(([key, values_left]) => ({ key, values_left })),
      missing_keys: [...missing].sort(),
    };
  }

  private async rotate(
    table: EncryptedTable,
    sql: EncryptedTableSql,
    key: string,
    isLate: () => boolean,
  ): Promise<number> {
    let rows = 0;
    let after: number | string | null = null;
    for (;;) {
      const startedAt = performance.now();
      const batch: EncryptedRow[] = await sql.readBatch(key, after);
      const fresh = batch.flatMap((row) => this.encryptedAnew(table, row));
      const written = fresh.length === 0 ? 0 : await sql.write(this.cipher.currentKeyId, fresh);
      if (written > 0) this.rewritten.inc({ values: table.label }, written);
      rows += written;
      // Rows that could not be read, or that somebody was changing, are looked at again by the next run only.
      after = batch.at(-1)?.id ?? null;
      if (batch.length < table.batch || isLate()) return rows;
      const restMs = (performance.now() - startedAt) * REST_FACTOR;
      // Rejects when the process is to end meanwhile.
      await delay(restMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
      if (this.ending.signal.aborted) return rows;
    }
  }

  private encryptedAnew(table: EncryptedTable, row: EncryptedRow): FreshRow[] {
    const plain: Record<string, string> = {};
    try {
      const values = table.columns.map(({ name, type }) => {
        const stored = row[name] as string | Buffer | string[] | null;
        const place = `${table.table}/${row.id}/${name}`;
        if (stored === null || stored === '') return stored;
        if (Buffer.isBuffer(stored)) return this.cipher.encryptBytes(this.cipher.decryptBytes(stored, place), place);
        const [text] = Array.isArray(stored) ? stored : [stored];
        if (text === undefined) return '[]';
        plain[name] = this.cipher.decrypt(text, place);
        const encrypted = this.cipher.encrypt(plain[name], place);
        return type === 'text' ? encrypted : JSON.stringify(type === 'jsonb' ? encrypted : [encrypted]);
      });
      const derived = (table.derived ?? []).map((column) => column.of(plain, row, this.cipher));
      return [{ id: row.id, version: row.version, values: [...values, ...derived] }];
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      this.unreadable.warn(error);
      return [];
    }
  }

  private tellWhatCanGo({ old_keys: keys }: EncryptionHealth): void {
    for (const { key, values_left: left } of keys) {
      if (left > 0 || this.told.has(key)) continue;
      this.told.add(key);
      this.logger.info(
        { key },
        'nothing is encrypted with this key any more; once every process has another current key, it can be removed from ENCRYPTION_KEYS',
      );
    }
  }
}
