import { Database, JobWorker } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Assignments } from './assignments.service';
import { EscalationNews } from './escalation-news.service';
import { AgentsRepository } from './persistence/agents.repository';
import { EscalationChangesRepository } from './persistence/escalation-changes.repository';
import { EscalationWebhooks } from './webhooks/escalation-webhooks.service';

const OVERDUE_AT_ONCE = 100;
const WORKSPACES_AT_ONCE = 1000;

/** What nobody has taken in time comes first; what people have who have left, and what waits, is given to whoever is there. */
@Injectable()
export class EscalationUpkeep implements OnModuleInit {
  constructor(
    private readonly worker: JobWorker,
    private readonly database: Database,
    private readonly changes: EscalationChangesRepository,
    private readonly agents: AgentsRepository,
    private readonly assignments: Assignments,
    private readonly webhooks: EscalationWebhooks,
    private readonly news: EscalationNews,
  ) {}

  onModuleInit(): void {
    this.worker.register('escalations.upkeep', () => this.run());
  }

  private async run(): Promise<void> {
    await this.assignments.freeLeft();
    for (;;) {
      const overdue = await this.database.transaction(async () => {
        const marked = await this.changes.markOverdue(OVERDUE_AT_ONCE);
        await this.changes.rememberAll('overdue', marked);
        for (const { escalationId } of marked) await this.webhooks.enqueue(escalationId, 'escalation.overdue');
        return marked.map(({ escalationId }) => escalationId);
      });
      await this.news.changedAll(overdue);
      if (overdue.length > 0) this.webhooks.wake();
      if (overdue.length < OVERDUE_AT_ONCE) break;
    }
    for (const workspaceId of await this.agents.workspacesWithWaiting(WORKSPACES_AT_ONCE)) {
      await this.assignments.run(workspaceId);
    }
  }
}
