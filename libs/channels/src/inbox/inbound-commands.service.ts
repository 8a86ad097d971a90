import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChannelAdapters } from '../channels/channel-adapters';
import type { ChannelAccess, InboundMessage } from '../core/channel-adapter';
import { ChannelAnnouncements } from '../outbox/channel-announcements.service';
import type { PersonRow } from './persistence/people.repository';
import { ThreadsRepository } from './persistence/threads.repository';

/** Messages that are commands, where a kind of channel has any. */
@Injectable()
export class InboundCommands {
  constructor(
    private readonly database: Database,
    private readonly adapters: ChannelAdapters,
    private readonly threads: ThreadsRepository,
    private readonly announcements: ChannelAnnouncements,
  ) {}

  /** @returns what a model is to be asked; null: nothing, for it is answered already */
  async take(
    access: ChannelAccess,
    person: PersonRow,
    conversationId: number,
    message: InboundMessage,
  ): Promise<string | null> {
    const adapter = this.adapters.get(access.channel.type);
    // With a file it is a question about the file.
    if (adapter.readCommand === undefined || message.media.length > 0) return message.text;
    // Whatever is said then is for them, as it was said.
    if (await this.threads.isWithPeople(conversationId)) return message.text;
    const read = await adapter.readCommand(access, person.id, message);
    if (read === null) return message.text;
    if ('question' in read) return read.question;
    await this.database.transaction(() => this.announcements.enqueue(conversationId, read.answer));
    this.announcements.wake(conversationId);
    return null;
  }
}
