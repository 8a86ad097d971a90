import type { ConversationsService } from '@app/conversations';
import type { SeldomLog } from '@app/platform';
import type { ConversationFeed } from './conversation-feed';

/** A conversation whose followers vanished with their process costs an event per message for so long. */
const WATCH_MS = 600_000;
/** It is renewed when less is left. */
const RENEW_BELOW_MS = 300_000;
const RENEW_EVERY_MS = 15_000;
/** Rows of one statement, so that nobody waits long for their lock. */
const BATCH = 500;

/** Has whoever adds to the followed conversations tell of it, in few statements for many. */
export class WatchedConversations {
  private readonly feeds = new Set<ConversationFeed>();
  private starting = new Set<ConversationFeed>();
  private started: Promise<void> | undefined;
  private isRenewing = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly conversations: ConversationsService,
    private readonly trouble: SeldomLog,
  ) {
    this.timer = setInterval(() => void this.renew(), RENEW_EVERY_MS);
    this.timer.unref();
  }

  add(feed: ConversationFeed): void {
    this.feeds.add(feed);
  }

  remove(feed: ConversationFeed): void {
    this.feeds.delete(feed);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Resolves when the conversation is watched. Those that begin together begin with one statement. */
  async watch(feed: ConversationFeed): Promise<void> {
    if (feed.watchedUntilMs > performance.now() + RENEW_BELOW_MS / 2) return;
    this.starting.add(feed);
    // Those that come while a statement is on its way go together with the next.
    while (this.starting.has(feed)) {
      if (this.started === undefined) this.started = this.start().finally(() => (this.started = undefined));
      await this.started;
    }
  }

  private async start(): Promise<void> {
    await new Promise(setImmediate);
    const feeds = [...this.starting].slice(0, BATCH);
    for (const feed of feeds) this.starting.delete(feed);
    await this.send(feeds);
  }

  private async renew(): Promise<void> {
    if (this.isRenewing) return;
    this.isRenewing = true;
    try {
      const due = [...this.feeds].filter(({ watchedUntilMs }) => watchedUntilMs < performance.now() + RENEW_BELOW_MS);
      for (let from = 0; from < due.length; from += BATCH) await this.send(due.slice(from, from + BATCH));
    } catch (error) {
      this.trouble.warn(error);
    } finally {
      this.isRenewing = false;
    }
  }

  private async send(feeds: readonly ConversationFeed[]): Promise<void> {
    if (feeds.length === 0) return;
    const until = performance.now() + WATCH_MS;
    // In one order, so that two processes never wait for each other.
    const ids = feeds.map(({ conversationId }) => conversationId).sort((a, b) => a - b);
    await this.conversations.watch(ids, WATCH_MS);
    for (const feed of feeds) feed.watchedUntilMs = until;
  }
}
