import { CUSTOMER_CHANNELS, type ParleyEvent } from '@app/contracts';
import { AppConfig, EventsBus } from '@app/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { defaultRules } from './default-rules';
import { EscalationRulesRepository, type VersionedRules } from './persistence/escalation-rules.repository';
import type { RuleSet } from './rule-set';

/** How long a change may be unknown to a process that the event about it did not reach. */
const LOOK_MS = 10_000;

interface Known {
  /** Changes with every change. */
  version: string;
  isEnabled: boolean;
  rules: RuleSet;
}

const keyOf = (workspaceId: number, personaId: number | null): string => `${workspaceId} ${personaId ?? '*'}`;

/** The rules as every turn needs them: from memory, without a statement, and at once after a change that this process was told of. */
@Injectable()
export class EscalationRules implements OnModuleInit, OnModuleDestroy {
  /** What counts where nobody has stored anything, and for what stored rules of former versions do not say. */
  readonly defaults: RuleSet;
  /** Whether doors for customers hand over at all without stored rules. */
  readonly isOnByDefault: boolean;
  private known = new Map<string, Known>();
  private fingerprint: string | undefined;
  /** One reads after the other: what was read later was never older. */
  private reading: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly repository: EscalationRulesRepository,
    private readonly events: EventsBus,
    config: AppConfig,
    private readonly logger: PinoLogger,
  ) {
    this.defaults = defaultRules(config.escalations);
    this.isOnByDefault = config.escalations.isOnByDefault;
  }

  async onModuleInit(): Promise<void> {
    const told = (event: ParleyEvent): void => {
      if (event.type === 'escalation-rules.changed') void this.read(event.workspaceId);
    };
    this.stopListening = [
      this.events.subscribe('escalation-rules', told),
      this.events.onReconnect(() => void this.look()),
    ];
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
    await this.look();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const stop of this.stopListening) stop();
  }

  /** The persona's own, else the workspace's, else where customers write the installation's. @returns null where nothing is handed over */
  of(workspaceId: number, personaId: number, channel: string): RuleSet | null {
    const stored = this.known.get(keyOf(workspaceId, personaId)) ?? this.known.get(keyOf(workspaceId, null));
    if (stored !== undefined) return stored.isEnabled ? stored.rules : null;
    // Where customers write the installation's own rules count as long as nobody has stored others.
    return CUSTOMER_CHANNELS.includes(channel) && this.isOnByDefault ? this.defaults : null;
  }

  /** After a change in this process: it counts here at once, and elsewhere as soon as they are told. */
  async changed(workspaceId: number): Promise<void> {
    await this.read(workspaceId);
    this.events.publish({ type: 'escalation-rules.changed', workspaceId });
  }

  private look(): Promise<void> {
    return this.next(async () => {
      const fingerprint = await this.repository.fingerprint();
      if (fingerprint === this.fingerprint) return;
      const rows = await this.repository.all();
      this.known = new Map(rows.map((row) => this.entryOf(row)));
      this.fingerprint = fingerprint;
    });
  }

  private read(workspaceId: number): Promise<void> {
    return this.next(async () => {
      const rows = await this.repository.all(workspaceId);
      const others = [...this.known].filter(([key]) => !key.startsWith(`${workspaceId} `));
      this.known = new Map([...others, ...rows.map((row) => this.entryOf(row))]);
    });
  }

  /** What has not changed stays the same object: words that were made ready for it are ready. */
  private entryOf({ workspaceId, personaId, isEnabled, rules, version }: VersionedRules): [string, Known] {
    const key = keyOf(workspaceId, personaId);
    const known = this.known.get(key);
    if (known?.version === version) return [key, known];
    return [key, { version, isEnabled, rules: { ...this.defaults, ...rules } }];
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.reading = this.reading.then(() => this.quietly(work));
    return this.reading;
  }

  private async quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // What was known stays; the next look is soon.
      this.logger.debug({ err: error }, 'escalation rules could not be read');
    }
  }
}
