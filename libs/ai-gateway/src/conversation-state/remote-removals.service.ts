import { AppConfig } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type ConversationsApi, ProviderError } from '../provider';
import { CONVERSATIONS_API } from '../provider-info';
import { RemoteConversationsRepository } from './persistence/remote-conversations.repository';
import { type Removal, type RemovalBacklog, RemoteRemovalsRepository } from './persistence/remote-removals.repository';

const BATCH = 20;
/** One run ends after so many; the next one, a minute later, goes on. */
const MAX_PER_RUN = 1_000;
const FORGET_BATCH = 500;
const BACKLOG_CACHE_MS = 30_000;

/** Deletes what nothing here refers to any more from the upstream, and lets go of what was not used for long. */
@Injectable()
export class RemoteRemovalsService {
  private counted: { at: number; backlog: Promise<RemovalBacklog> } | undefined;

  constructor(
    private readonly removals: RemoteRemovalsRepository,
    private readonly remotes: RemoteConversationsRepository,
    @Inject(CONVERSATIONS_API) private readonly api: ConversationsApi,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  /** Deletes what is due. Safe to run twice and in parallel. */
  async removeDue(): Promise<void> {
    let failed = 0;
    for (let taken = 0; taken < MAX_PER_RUN;) {
      const due = await this.removals.takeDue(BATCH);
      if (due.length === 0) break;
      taken += due.length;
      const done = await Promise.all(due.map((removal) => this.remove(removal)));
      failed += done.filter((isDone) => !isDone).length;
      // The next batch would fail as well.
      if (done.every((isDone) => !isDone)) break;
    }
    if (failed === 0) return;
    const { waiting, failing } = await this.removals.backlog();
    this.logger[failing > 0 ? 'error' : 'warn'](
      { waiting, failing },
      'conversations that are to be deleted at the upstream could not be; trying again',
    );
  }

  /** Tries at once what a person asked for; what fails is tried again by the clock. Returns whether it is gone. */
  async removeNow(openaiConversationId: string): Promise<boolean> {
    const removal = await this.removals.take(openaiConversationId);
    return removal === undefined || this.remove(removal);
  }

  /** For a remote conversation that was made and not taken into use. */
  async discard(openaiConversationId: string, upstream: string): Promise<void> {
    await this.removals.add(openaiConversationId, upstream);
  }

  /** Our history stays, and the next message makes a new remote conversation of it. */
  async forgetInactive(): Promise<void> {
    const { conversationTtlDays } = this.config.openai;
    if (conversationTtlDays === 0) return;
    while ((await this.remotes.forgetInactive(conversationTtlDays, FORGET_BATCH)) === FORGET_BATCH);
  }

  /** At most 30 seconds old: anybody may ask for it. */
  async backlog(): Promise<RemovalBacklog> {
    if (this.counted === undefined || performance.now() - this.counted.at > BACKLOG_CACHE_MS) {
      const backlog = this.removals.backlog();
      this.counted = { at: performance.now(), backlog };
      backlog.catch(() => (this.counted = undefined));
    }
    return this.counted.backlog;
  }

  private async remove({ id, openaiConversationId, upstream, attempts, ageSeconds }: Removal): Promise<boolean> {
    try {
      await this.deleteAt(upstream, openaiConversationId);
      await this.removals.done(id);
      return true;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await this.removals.failed(id, error.code);
      this.logger.warn(
        { code: error.code, detail: error.logDetail, upstream, attempts, age_seconds: ageSeconds },
        'a conversation could not be deleted at the upstream',
      );
      return false;
    }
  }

  private async deleteAt(upstream: string, id: string): Promise<void> {
    // The simulator that had it has ended, and its memory with it.
    if (upstream === 'simulator' && this.api.upstream !== 'simulator') return;
    if (upstream !== this.api.upstream) {
      throw new ProviderError('UPSTREAM.NOT_FOUND', {
        logDetail: 'it is at an upstream that is not configured any more',
      });
    }
    await this.api.delete(id);
  }
}
