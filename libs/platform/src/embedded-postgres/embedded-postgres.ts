import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import {
  APPLICATION,
  connectAsAdmin,
  ensureApplicationDatabase,
  serverOwner,
  sqlState,
  tryInstanceLock,
} from './admin-connection';
import { findBinaries } from './binaries';
import { clusterDir, ensureCluster, indent, logFile, readPasswords } from './cluster';
import { isDiskFull, ROOM_TO_RUN_BYTES, untilRoom } from './disk-room';
import { AlreadyRunningError, EmbeddedPostgresError } from './errors';
import { endLeftovers, leftoverProcesses } from './leftovers';
import { choosePlaces, type Places } from './places';
import { choosePort } from './port';
import { mayBeRunning, readPostmasterFile, removeIfForeign, type PostmasterFile } from './postmaster-file';
import { isSameProcessAlive, processIdentity } from './process-identity';
import { ServerLog } from './server-log';
import { ServerProcess, stopServer } from './server-process';

/** Without an answer for this long, a start is given up. */
const START_DEADLINE_MS = 60_000;
/** Replaying the log after a crash may take longer, and it makes progress. */
const RECOVERY_DEADLINE_MS = 600_000;
/** Processes of a killed server notice within moments; after this long they are ended. */
const LEFTOVER_PATIENCE_MS = 4000;
const POLL_MS = 50;
const SIGNAL_GRACE_MS = 500;
/** A server that dies this often within a minute will not get better by starting it again. */
const MAX_RESTARTS_PER_MINUTE = 3;

/** `cannot_connect_now`: starting, recovering or shutting down. */
const CANNOT_CONNECT_NOW = '57P03';
const WRONG_PASSWORD = '28P01';

export interface EmbeddedPostgresOptions {
  /** Folder of this installation; made when missing. Two installations need two folders. */
  dataDir: string;
  /** Further server settings, for example `{ fsync: 'off' }` in a test. */
  settings?: Record<string, string>;
  /** Told about things a person should know, one line each. */
  onNotice?: (line: string) => void;
  /** Told the id of each server process that is started, so that somebody else can end it when this process is killed. */
  onServer?: (pid: number) => void;
  /** The server died and could not be brought back. */
  onFatal?: (error: Error) => void;
}

export interface StartedPostgres {
  /** Connection of the application's role to its database. Holds a password. */
  url: string;
  /** Where the cluster lies. Not always below the data directory: see `choosePlaces`. */
  dataDir: string;
  /** A server left over from a killed start was found, stopped and replaced. */
  adopted: boolean;
}

/**
 * A PostgreSQL of our own: started from the npm package's binaries, on loopback, as a child of this process. One instance per data
 * directory: the holder keeps an advisory lock on a connection of its own, and every other `start` fails with `AlreadyRunningError`.
 */
export class EmbeddedPostgres {
  private places!: Places;
  private log!: ServerLog;
  private passwords!: { superuser: string; application: string };
  private server: ServerProcess | undefined;
  private keeper: Client | undefined;
  private port = 0;
  private adopted = false;
  private isStopping = false;
  private restarts: number[] = [];
  private readonly dataDir: string;
  private readonly owner = processIdentity(process.pid);

  constructor(private readonly options: EmbeddedPostgresOptions) {
    this.dataDir = resolve(options.dataDir);
  }

  /** @throws AlreadyRunningError when another living process holds the data directory. @throws EmbeddedPostgresError with the fix. */
  async start(): Promise<StartedPostgres> {
    this.places = choosePlaces(this.dataDir, findBinaries());
    await ensureCluster(this.places);
    this.passwords = readPasswords(this.places);
    this.log = new ServerLog(logFile(this.places), this.places.runAs);
    try {
      await this.bringUp();
      await ensureApplicationDatabase(this.keeper!, this.passwords.application);
    } catch (error) {
      await this.stop();
      throw error;
    }
    const credentials = `${APPLICATION}:${this.passwords.application}`;
    return {
      url: `postgres://${credentials}@127.0.0.1:${this.port}/${APPLICATION}`,
      dataDir: this.places.parent,
      adopted: this.adopted,
    };
  }

  /** The process is about to end: a server that goes down from now on (Ctrl-C reaches it too) is no accident. */
  expectEnd(): void {
    this.isStopping = true;
  }

  /** Ends the server: open transactions are rolled back, committed ones are safe. Bounded; may be called twice. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const keeper = this.keeper;
    this.keeper = undefined;
    await Promise.race([keeper?.end().catch(() => undefined), delay(500, undefined, { ref: false })]);
    await this.server?.stop(this.places.binaries);
    this.log?.close();
  }

  /** Starts a server of our own, whatever state the last one was left in. */
  private async bringUp(): Promise<void> {
    const since = Date.now();
    for (;;) {
      const file = readPostmasterFile(clusterDir(this.places));
      if (file !== undefined && mayBeRunning(file, clusterDir(this.places))) {
        await this.settleWithRunning(file);
      } else {
        if (file !== undefined) removeIfForeign(file, clusterDir(this.places));
        if (await this.startOwn(Date.now() - since)) return;
      }
      if (Date.now() - since > START_DEADLINE_MS) throw this.gaveUp();
      await delay(POLL_MS);
    }
  }

  /** A server runs on our cluster, and this process did not start it: wait, explain, or end it when its owner is dead. */
  private async settleWithRunning({ pid, port }: PostmasterFile): Promise<void> {
    if (port === undefined) return;
    let client: Client;
    try {
      client = await connectAsAdmin(port, this.passwords.superuser);
    } catch (error) {
      // It is starting or shutting down: keep looking.
      if (sqlState(error) !== WRONG_PASSWORD) return;
      throw new EmbeddedPostgresError(
        `The server of ${this.places.parent} (pid ${pid}, port ${port}) refuses the password in ${this.places.parent}/password. ` +
          'Restore that file, or end the server and move the folder away to start empty.',
      );
    }
    try {
      const owner = await serverOwner(client);
      if (isSameProcessAlive(owner)) throw new AlreadyRunningError(this.dataDir, Number(owner.split('@')[0]));
      // The owner is dead. Of several starts that see this at the same moment, one replaces the server.
      if (!(await tryInstanceLock(client))) return;
      this.adopted = true;
      await stopServer(pid, clusterDir(this.places), this.places.binaries);
    } catch (error) {
      if (error instanceof AlreadyRunningError || error instanceof EmbeddedPostgresError) throw error;
      // The connection broke because the server is going down; the next round sees what became of it.
    } finally {
      void client.end().catch(() => undefined);
    }
  }

  /** True when our server runs and we hold the lock; false when the reason it failed may pass. */
  private async startOwn(elapsedMs: number): Promise<boolean> {
    this.port = await choosePort(this.places);
    const server = await ServerProcess.start(this.places, this.log, {
      port: this.port,
      owner: this.owner,
      settings: this.options.settings ?? {},
    });
    this.server = server;
    this.options.onServer?.(server.pid);
    const reason = await this.waitUntilReady(server);
    if (reason === undefined) {
      void server.ended.then((how) => this.onServerEnded(server, how));
      return true;
    }
    this.server = undefined;
    if (this.isStopping) throw new EmbeddedPostgresError('PostgreSQL was stopped while it was starting.');
    const said = this.log.sinceStart();
    if (said.includes('is still in use')) {
      if (elapsedMs > LEFTOVER_PATIENCE_MS) endLeftovers(clusterDir(this.places));
      await delay(200);
      return false;
    }
    // Another start was faster, or took the port between our look and the server's.
    if (/lock file "postmaster.pid" already exists|could not (bind|create any TCP)/.test(said)) return false;
    throw new EmbeddedPostgresError(this.failure(`PostgreSQL did not start (${reason})`));
  }

  /** Undefined when the server answers and the lock is ours, else how it ended. */
  private async waitUntilReady(server: ServerProcess): Promise<string | undefined> {
    let how: string | undefined;
    void server.ended.then((reason) => (how = reason));
    const since = Date.now();
    let toldAt = since;
    for (let deadline = since + START_DEADLINE_MS; how === undefined; await delay(POLL_MS)) {
      try {
        await this.takeKeeper();
        return undefined;
      } catch (error) {
        if (sqlState(error) === CANNOT_CONNECT_NOW) deadline = since + RECOVERY_DEADLINE_MS;
      }
      if (Date.now() - toldAt > 10_000) {
        toldAt = Date.now();
        this.notice('PostgreSQL is still starting; after a crash it replays its log first.');
      }
      if (Date.now() > deadline) {
        await server.stop(this.places.binaries);
        throw new EmbeddedPostgresError(this.failure('PostgreSQL started but did not answer in time'));
      }
    }
    return how;
  }

  /** Connects for good and takes the instance lock on that connection. */
  private async takeKeeper(): Promise<void> {
    const client = await connectAsAdmin(this.port, this.passwords.superuser);
    if (!(await tryInstanceLock(client))) {
      await client.end();
      throw new Error('The instance lock is held by a start that is about to leave.');
    }
    this.keeper = client;
    client.once('end', () => {
      if (this.keeper !== client) return;
      this.keeper = undefined;
      void this.retakeKeeper();
    });
  }

  /** The server dropped its connections (a backend was killed) or is going down; in the first case take the lock again. */
  private async retakeKeeper(): Promise<void> {
    while (!this.isStopping && this.keeper === undefined && this.server?.isRunning === true) {
      await this.takeKeeper().catch(() => delay(POLL_MS));
    }
  }

  private async onServerEnded(server: ServerProcess, how: string): Promise<void> {
    if (this.isStopping || server !== this.server) return;
    // Ctrl-C reaches the server directly, possibly before this process handles its own copy of the signal.
    await delay(SIGNAL_GRACE_MS);
    if (this.isStopping) return;
    this.restarts = [...this.restarts.filter((at) => at > Date.now() - 60_000), Date.now()];
    try {
      if (this.restarts.length > MAX_RESTARTS_PER_MINUTE) {
        throw new EmbeddedPostgresError(this.failure('PostgreSQL keeps dying'));
      }
      this.notice(`PostgreSQL ended unexpectedly (${how}); starting it again.`);
      const before = this.port;
      await this.bringUpAgain();
      if (this.port !== before) throw new EmbeddedPostgresError('PostgreSQL died and its port was taken. Start again.');
    } catch (error) {
      if (!this.isStopping) this.options.onFatal?.(error as Error);
    }
  }

  /** Like `bringUp`, but a full disk is waited out: somebody will make room, and then everything goes on where it was. */
  private async bringUpAgain(): Promise<void> {
    for (;;) {
      try {
        return await this.bringUp();
      } catch (error) {
        if (this.isStopping || !isDiskFull(this.places.parent)) throw error;
      }
      this.notice(
        `The disk of ${this.places.parent} is full, so PostgreSQL cannot run. Make ${ROOM_TO_RUN_BYTES / 1024 / 1024} MB of room: it starts again by itself.`,
      );
      await untilRoom(this.places.parent, () => this.isStopping);
      if (this.isStopping) return;
    }
  }

  private gaveUp(): EmbeddedPostgresError {
    const cluster = clusterDir(this.places);
    const file = readPostmasterFile(cluster);
    const pids = [...new Set([...(file === undefined ? [] : [file.pid]), ...leftoverProcesses(cluster)])];
    const blame =
      pids.length === 0
        ? ''
        : ` Processes of an earlier start hold it: ${pids.join(', ')}; end them (kill ${pids.join(' ')}) and start again.`;
    return new EmbeddedPostgresError(
      this.failure(`PostgreSQL in ${this.places.parent} could not be taken over.${blame}`),
    );
  }

  private failure(what: string): string {
    const tail = this.log.tail();
    return `${what}\n${tail === '' ? '' : `The end of its log:\n${indent(tail)}\n`}The whole log: ${this.log.file}`;
  }

  private notice(line: string): void {
    this.options.onNotice?.(line);
  }
}
