import { setTimeout as pause } from 'node:timers/promises';
import { eventually, ParleyProcess } from '../../support/process';
import type { Fault, FleetSize } from './fault-plan';

type App = 'api' | 'worker';

interface Slot {
  app: App;
  process: ParleyProcess | undefined;
  state: 'up' | 'paused' | 'down';
  /** The last process of this slot listened here; a client keeps asking it while the next one starts. */
  url: string;
}

const UP_DEADLINE_MS = 120_000;

const emptySlot = (app: App): Slot => ({ app, process: undefined, state: 'down', url: 'http://127.0.0.1:9' });

/** n api and m worker processes, as in production, that are struck and come back. */
export class Fleet {
  private readonly slots: Record<App, Slot[]>;
  private readonly all: ParleyProcess[] = [];
  private readonly expected = new Set<ParleyProcess>();
  private readonly comingBack = new Set<Promise<void>>();
  /** Processes that ended although nobody ended them, with the end of their log. */
  readonly unexpectedEnds: string[] = [];
  /** When processes were killed, in epoch milliseconds. */
  readonly deaths: number[] = [];
  /** How processes ended after SIGTERM: the signal, or their exit code. */
  readonly orderlyEnds: string[] = [];

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    readonly size: FleetSize,
  ) {
    const slots = (app: App, count: number): Slot[] => Array.from({ length: count }, () => emptySlot(app));
    this.slots = { api: slots('api', size.apis), worker: slots('worker', size.workers) };
  }

  async start(): Promise<void> {
    await Promise.all(
      (['api', 'worker'] as const).flatMap((app) => this.slots[app].map((_, slot) => this.up(app, slot))),
    );
  }

  apiUrls(): string[] {
    return this.slots.api.map((slot) => slot.url);
  }

  process(app: App, slot: number): ParleyProcess {
    const { process } = this.slots[app][slot]!;
    if (process === undefined) throw new Error(`${app} ${slot} is down.`);
    return process;
  }

  /** Starts one process more, with settings of its own. */
  async add(app: App, extra: NodeJS.ProcessEnv): Promise<void> {
    const index = this.slots[app].push(emptySlot(app)) - 1;
    await this.up(app, index, extra);
  }

  /** A worker that has ended by itself and was not started again. */
  deadWorker(): number | undefined {
    const slot = this.slots.worker.findIndex(({ state, process }) => state === 'down' && process !== undefined);
    return slot < 0 ? undefined : slot;
  }

  /** The worker that holds the lease with this owner: `<host>-<pid>-<random>`. */
  workerOf(leaseOwner: string): number {
    const pid = Number(leaseOwner.split('-').at(-2));
    const slot = this.slots.worker.findIndex(({ process }) => process?.child.pid === pid);
    if (slot < 0) throw new Error(`No worker of this fleet is called ${leaseOwner}.`);
    return slot;
  }

  log(): string {
    return this.all.map((process) => `--- ${process.url} pid ${process.child.pid}\n${process.log}`).join('\n');
  }

  /** Starts a process in an empty slot and waits until it is ready. `extra` are settings of this process alone. */
  async up(app: App, index: number, extra: NodeJS.ProcessEnv = {}): Promise<void> {
    const slot = this.slots[app][index]!;
    const started = await ParleyProcess.start(app, { ...this.env, ...extra });
    this.all.push(started);
    slot.process = started;
    slot.url = started.url;
    slot.state = 'up';
    started.child.once('exit', (code, signal) => {
      if (this.expected.has(started)) return;
      slot.state = 'down';
      this.unexpectedEnds.push(`${app} ${index} ended with ${signal ?? code}: ${started.log.slice(-2000)}`);
    });
  }

  /** Ends the process of a slot; the slot stays empty. */
  async down(app: App, index: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const slot = this.slots[app][index]!;
    const process = slot.process!;
    this.expected.add(process);
    slot.state = 'down';
    this.deaths.push(Date.now());
    await process.kill(signal);
    if (signal === 'SIGTERM') this.orderlyEnds.push(String(process.child.signalCode ?? process.child.exitCode));
  }

  pause(app: App, index: number): void {
    this.process(app, index).child.kill('SIGSTOP');
    this.slots[app][index]!.state = 'paused';
  }

  resume(app: App, index: number): void {
    this.process(app, index).child.kill('SIGCONT');
    this.slots[app][index]!.state = 'up';
  }

  /** Strikes as planned, as soon as the target is up. Coming back goes on in the background. */
  async strike({ app, slot, kind, pauseMs }: Fault): Promise<void> {
    await eventually(
      () => (this.slots[app][slot]!.state === 'up' ? true : undefined),
      `${app} ${slot} is up`,
      UP_DEADLINE_MS,
    );
    if (pauseMs > 0) {
      this.pause(app, slot);
      this.inBackground(pause(pauseMs).then(() => this.resume(app, slot)));
      return;
    }
    const ended = this.down(app, slot, kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
    this.inBackground(ended.then(() => this.up(app, slot)));
  }

  /** Resolves when everything that was struck is back. */
  async settled(): Promise<void> {
    await Promise.all(this.comingBack);
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.comingBack);
    for (const process of this.all) this.expected.add(process);
    await Promise.all(this.all.map((process) => process.kill()));
  }

  private inBackground(work: Promise<void>): void {
    this.comingBack.add(work);
    void work.then(
      () => this.comingBack.delete(work),
      () => undefined,
    );
  }
}
