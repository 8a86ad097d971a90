import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { EscalationNews } from './escalation-news.service';
import { AgentsRepository } from './persistence/agents.repository';
import { type Assignment, EscalationChangesRepository } from './persistence/escalation-changes.repository';

/** Given out in one go; the scheduled job does the rest. */
const MAX_AT_ONCE = 50;

/** Gives what waits to people who are available, have the skill and room for more. */
@Injectable()
export class Assignments {
  constructor(
    private readonly database: Database,
    private readonly agents: AgentsRepository,
    private readonly changes: EscalationChangesRepository,
    private readonly news: EscalationNews,
    private readonly logger: PinoLogger,
  ) {}

  /** What people have who are not of the team any more waits for others. */
  async freeLeft(): Promise<void> {
    for (let count = MAX_AT_ONCE; count === MAX_AT_ONCE;) {
      const { moved } = await this.move(async () => {
        const ids = await this.changes.freeLeft(MAX_AT_ONCE);
        return { moved: ids.map(toQueue) };
      });
      count = moved.length;
    }
  }

  /** Never fails: what is left is given out by the scheduled job. */
  async run(workspaceId: number): Promise<void> {
    try {
      await this.move(async () => ({ moved: await this.agents.assignWaiting(workspaceId, MAX_AT_ONCE) }));
    } catch (error) {
      this.logger.warn({ err: error, workspace_id: workspaceId }, 'escalations were not assigned; trying again');
    }
  }

  /**
   * Does `work`, which lets somebody go, and gives back to the queue what is theirs: what they have not taken yet, or all of it. Nothing is assigned to them
   * meanwhile.
   */
  async release<T>(workspaceId: number, userId: number, what: 'assigned' | 'all', work: () => Promise<T>): Promise<T> {
    const { result } = await this.move(async () => {
      await this.agents.lockAssignments(workspaceId);
      const result = await work();
      const ids = await this.changes.release(workspaceId, userId, what === 'all');
      return { result, moved: ids.map(toQueue) };
    });
    return result;
  }

  /** Writes down what `work` gives to somebody or back to the queue, in its transaction, and tells of it afterwards. */
  private async move<T extends { moved: Assignment[] }>(work: () => Promise<T>): Promise<T> {
    const done = await this.database.transaction(async () => {
      const done = await work();
      await this.changes.rememberAll('assigned', done.moved);
      return done;
    });
    await this.news.changedAll(done.moved.map(({ escalationId }) => escalationId));
    return done;
  }
}

const toQueue = (escalationId: number): Assignment => ({ escalationId, userId: null });
