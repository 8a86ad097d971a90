import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChannelAdapters } from '../channels/channel-adapters';
import type { ChannelAccess, InboundMessage } from '../core/channel-adapter';
import { ChannelAnnouncements } from '../outbox/channel-announcements.service';
import { InboxRepository, type Settled, type TakenRow } from './persistence/inbox.repository';
import type { PersonRow } from './persistence/people.repository';
import { ThreadsRepository } from './persistence/threads.repository';
import { ReceiveLater } from './receive-later';

/** Messages that are commands, where a kind of channel has any. */
@Injectable()
export class InboundCommands {
  constructor(
    private readonly database: Database,
    private readonly adapters: ChannelAdapters,
    private readonly threads: ThreadsRepository,
    private readonly inbox: InboxRepository,
    private readonly announcements: ChannelAnnouncements,
  ) {}

  /** @returns what a model is to be asked; or what has become of the row, when it is answered already */
  async take(
    access: ChannelAccess,
    person: PersonRow,
    conversationId: number,
    row: TakenRow,
    message: InboundMessage,
  ): Promise<string | Settled> {
    const adapter = this.adapters.get(access.channel.type);
    // With a file it is a question about the file.
    if (adapter.readCommand === undefined || message.media.length > 0) return message.text;
    // Whatever is said then is for them, as it was said.
    if (await this.threads.isWithPeople(conversationId)) return message.text;
    const read = await adapter.readCommand(access, person.id, message);
    if (read === null) return message.text;
    if ('question' in read) return read.question;
    const settled: Settled = { status: 'done', reason: 'command', conversationId };
    // Both or neither: it would be answered once more if somebody took the row again.
    await this.database.transaction(async () => {
      await this.announcements.enqueue(conversationId, read.answer);
      if (!(await this.inbox.settle(row, settled))) throw new ReceiveLater('taken_by_another', 0, true);
    });
    this.announcements.wake(conversationId);
    return settled;
  }
}
