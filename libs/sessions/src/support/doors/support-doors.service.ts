import { AppConfig, EventsBus } from '@app/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SupportDoorsRepository } from '../persistence/support-doors.repository';
import type { SupportDoor } from '../support-door';

/** How long a process may go on with what it knows when the event about a change did not reach it. */
const REFRESH_MS = 5_000;
/** About 1 KB each. The one that was read longest ago goes first. */
const MAX_KNOWN = 5_000;

interface Known {
  door: Promise<SupportDoor | undefined>;
  readAtMs: number;
}

/** Public keys are 35 characters; nothing else is looked up. */
const PUBLIC_KEY = /^pk_[A-Za-z0-9_-]{32}$/;

/** The doors as every message needs them: from memory, at most five seconds old, and at once after a change that this process was told of. */
@Injectable()
export class SupportDoors implements OnModuleInit, OnModuleDestroy {
  private readonly known = new Map<string, Known>();
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly repository: SupportDoorsRepository,
    private readonly events: EventsBus,
    private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    const forget = (): void => this.known.clear();
    this.stopListening = [this.events.subscribe('support-doors', forget), this.events.onReconnect(forget)];
  }

  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
  }

  /** The door that a website means. Undefined: nobody has this key. */
  async byKey(publicKey: string): Promise<SupportDoor | undefined> {
    if (!PUBLIC_KEY.test(publicKey)) return undefined;
    return this.look(`key ${publicKey}`, () => this.repository.findByKey(publicKey));
  }

  /** The door of the default workspace, for visitors without a key. Undefined where `SUPPORT_KEYLESS` is off. */
  async keyless(): Promise<SupportDoor | undefined> {
    if (!this.config.support.isKeyless) return undefined;
    return this.look('keyless', () => this.repository.findDefault());
  }

  /** The door that a session came through. Undefined when there is none any more. */
  async ofWorkspace(workspaceId: number): Promise<SupportDoor | undefined> {
    const door = await this.look(`workspace ${workspaceId}`, () => this.repository.findOfWorkspace(workspaceId));
    if (door !== undefined) return door;
    const keyless = await this.keyless();
    return keyless?.workspaceId === workspaceId ? keyless : undefined;
  }

  /** After a change: it counts in this process at once, and elsewhere as soon as they are told. */
  changed(workspaceId: number): void {
    this.events.publish({ type: 'support-doors.changed', workspaceId });
  }

  private look(key: string, read: () => Promise<SupportDoor | undefined>): Promise<SupportDoor | undefined> {
    const known = this.known.get(key);
    if (known !== undefined && performance.now() - known.readAtMs < REFRESH_MS) return known.door;
    const entry: Known = { door: read(), readAtMs: performance.now() };
    this.known.delete(key);
    const oldest = this.known.keys().next();
    if (this.known.size >= MAX_KNOWN && oldest.done !== true) this.known.delete(oldest.value);
    this.known.set(key, entry);
    // What is not there may be there a moment later, and a failure is no answer.
    const forget = (): void => void (this.known.get(key) === entry && this.known.delete(key));
    entry.door.then((door) => (door === undefined ? forget() : undefined), forget);
    return entry.door;
  }
}

/** Whether visitors may say something. */
export const isOpen = (door: SupportDoor | undefined): door is SupportDoor =>
  door !== undefined && door.isEnabled && door.hasPersona;
