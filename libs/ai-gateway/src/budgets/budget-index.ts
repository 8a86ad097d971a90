import { EventsBus } from '@app/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { BudgetsRepository } from './persistence/budgets.repository';

/** How long a new budget may be unknown to a process that the event about it did not reach. */
const REFRESH_MS = 10_000;

/** Which workspaces have budgets at all: all others pay nothing for budgets, not even a statement. */
@Injectable()
export class BudgetIndex implements OnModuleInit, OnModuleDestroy {
  private limited = new Set<number>();
  private timer: NodeJS.Timeout | undefined;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly budgets: BudgetsRepository,
    private readonly events: EventsBus,
    private readonly logger: PinoLogger,
  ) {}

  async onModuleInit(): Promise<void> {
    this.stopListening = this.events.subscribe('budgets', () => void this.refresh());
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.timer.unref();
    await this.refresh();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.stopListening?.();
  }

  /** @param workspaceId without it: whether anybody is limited */
  isLimited(workspaceId?: number): boolean {
    return workspaceId === undefined ? this.limited.size > 0 : this.limited.has(workspaceId);
  }

  /** After a change in this process: it counts here at once, and elsewhere as soon as they are told. */
  async changed(): Promise<void> {
    await this.refresh();
    this.events.publish({ type: 'budgets.changed' });
  }

  private async refresh(): Promise<void> {
    try {
      this.limited = new Set(await this.budgets.limitedWorkspaces());
    } catch (error) {
      // What was known stays; the next look is soon.
      this.logger.debug({ err: error }, 'budgets could not be read');
    }
  }
}
