import { readdirSync } from 'node:fs';
import type { Client as Postgres } from 'pg';
import type { ParleyProcess } from '../support/process';
import { Inspector } from './inspector';

/** What one process held at one moment. */
export interface Sample {
  atMs: number;
  /** After a forced garbage collection. */
  heapMiB: number;
  rssMiB: number;
  /** Files and sockets; null where there is no /proc. */
  handles: number | null;
  /** Timers, sockets and requests that keep the event loop busy. */
  resources: number;
  /** Living EventEmitters, and listeners on all of them; null where they were not counted. */
  emitters: number | null;
  listeners: number | null;
}

const MIB = 1024 * 1024;

/** Measures a running process from outside. */
export class Sampler {
  readonly samples: Sample[] = [];

  private constructor(
    private readonly process: ParleyProcess,
    private readonly inspector: Inspector,
  ) {}

  static async attach(process: ParleyProcess): Promise<Sampler> {
    return new Sampler(process, await Inspector.attach(process.log));
  }

  /** @param withListeners also count listeners, for which the process stands still up to a second */
  async sample(atMs: number, withListeners: boolean): Promise<void> {
    await this.inspector.command('HeapProfiler.collectGarbage');
    const { usedSize } = await this.inspector.command<{ usedSize: number }>('Runtime.getHeapUsage');
    this.samples.push({
      atMs,
      heapMiB: usedSize / MIB,
      rssMiB: (await this.inspector.evaluate<number>('process.memoryUsage.rss()')) / MIB,
      handles: openFiles(this.process.child.pid ?? 0),
      resources: await this.inspector.evaluate<number>('process.getActiveResourcesInfo().length'),
      ...(withListeners ? await this.inspector.emitters() : { emitters: null, listeners: null }),
    });
  }

  /** A breakdown of what keeps the event loop busy, for the report. */
  async resourceKinds(): Promise<Record<string, number>> {
    return this.inspector.evaluate(
      'process.getActiveResourcesInfo().reduce((kinds, kind) => ({ ...kinds, [kind]: (kinds[kind] ?? 0) + 1 }), {})',
    );
  }

  close(): void {
    this.inspector.close();
  }
}

function openFiles(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}

/** Connections to this database by what they call themselves. */
export async function connectionsOf(sql: Postgres): Promise<Record<string, number>> {
  const { rows } = await sql.query<{ name: string; count: number }>(
    `SELECT coalesce(nullif(application_name, ''), 'unnamed') AS name, count(*)::integer AS count FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() GROUP BY 1 ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
