import { type MessageToCarry, MessagesToCarry } from '@app/conversations';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelAdapters } from '../channels/channel-adapters';
import type { ChannelType } from '../core/channel';
import { splitText } from '../core/text';
import type { NewPart } from './outbox-row';
import { CarryRepository } from './persistence/carry.repository';

/** Messages of one transaction; each can be dozens of parts. */
const AT_ONCE = 20;

/** Brings what is said in conversations into the outbox: in the order in which it was said, in the channel's dialect, in parts that it takes. */
@Injectable()
export class Carrier {
  constructor(
    private readonly database: Database,
    private readonly repository: CarryRepository,
    private readonly messages: MessagesToCarry,
    private readonly adapters: ChannelAdapters,
    private readonly logger: PinoLogger,
  ) {}

  /** Everything that was said by now. */
  async carry(conversationId: number): Promise<void> {
    while (await this.repository.isNoted(conversationId)) {
      if (!(await this.database.transaction(() => this.carrySome(conversationId)))) return;
    }
  }

  /** Says something that is no part of the conversation, also to somebody who wants no messages. Joins the transaction that is running. */
  async announce(conversationId: number, text: string): Promise<void> {
    await this.database.transaction(async () => {
      const thread = await this.repository.lock(conversationId);
      if (thread === undefined) return;
      const parts = this.partsOf(text, thread.type).map((content, part): NewPart => ({
        messageId: null,
        part,
        author: 'system',
        content,
      }));
      await this.repository.add(thread, parts);
    });
  }

  /** A text as the channel takes it. */
  partsOf(markdown: string, type: ChannelType): string[] {
    const adapter = this.adapters.get(type);
    return splitText(this.formatted(markdown, type), adapter.textLimit);
  }

  /** @returns whether there may be more */
  private async carrySome(conversationId: number): Promise<boolean> {
    const thread = await this.repository.lock(conversationId);
    if (thread === undefined) return false;
    const said = await this.messages.after(conversationId, thread.carriedSeq, AT_ONCE);
    const isAll = said.length < AT_ONCE;
    await this.repository.add(
      thread,
      said.flatMap((message) => this.newParts(message, thread.type)),
    );
    await this.repository.setCarried(conversationId, said.at(-1)?.seq ?? thread.carriedSeq, isAll);
    return !isAll;
  }

  private newParts({ id: messageId, role: author, content }: MessageToCarry, type: ChannelType): NewPart[] {
    if (content === null) return [{ messageId, part: 0, author, content }];
    return this.partsOf(content, type).map((text, part) => ({ messageId, part, author, content: text }));
  }

  /** What somebody wrote must not keep all that follows from leaving. */
  private formatted(markdown: string, type: ChannelType): string {
    try {
      return this.adapters.get(type).format(markdown);
    } catch (error) {
      const { name } = error instanceof Error ? error : { name: 'unknown' };
      this.logger.error(
        { type, error: name },
        'a message could not be put into the dialect of a channel; it is sent as it is',
      );
      return markdown;
    }
  }
}
