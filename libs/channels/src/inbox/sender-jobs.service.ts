import type { JobMap } from '@app/contracts';
import { FieldCipher, JobQueue } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { receiveJobKey } from './inbox-row';

const placeOf = (channelId: number): string => `jobs/channels.receive/${channelId}`;

/** Jobs about what somebody has sent. Whoever looks into the queue does not see who that is: for WhatsApp it is a telephone number. */
@Injectable()
export class SenderJobs {
  constructor(
    private readonly queue: JobQueue,
    private readonly cipher: FieldCipher,
  ) {}

  /** Best effort: the upkeep finds what nobody was woken for. @param options without `dedupeKey` or `delayMs` it collapses with others of the sender */
  async add(
    channelId: number,
    senderKey: string,
    { dedupeKey, delayMs }: { dedupeKey?: string; delayMs?: number } = {},
  ): Promise<void> {
    const data = { channelId, sender: this.cipher.encrypt(senderKey, placeOf(channelId)) };
    if (delayMs !== undefined) return this.queue.add('channels.receive', data, { delayMs });
    return this.queue.add('channels.receive', data, { dedupeKey: dedupeKey ?? receiveJobKey(channelId, senderKey) });
  }

  /** Undefined: a job of a former version, or one whose key is gone; the upkeep finds what it was for. */
  senderKeyOf({ channelId, sender }: Partial<JobMap['channels.receive']>): string | undefined {
    if (channelId === undefined || sender === undefined) return undefined;
    try {
      return this.cipher.decrypt(sender, placeOf(channelId));
    } catch {
      return undefined;
    }
  }
}
