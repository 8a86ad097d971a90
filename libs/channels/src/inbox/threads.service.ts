import { ConversationsService } from '@app/conversations';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../core/channel';
import { placeIn } from './choices.service';
import { ChoicesRepository } from './persistence/choices.repository';
import type { PersonRow } from './persistence/people.repository';
import { type ThreadRow, ThreadsRepository } from './persistence/threads.repository';
import { ReceiveLater } from './receive-later';

/** The one conversation that goes on with a person, or in a thread of theirs. */
@Injectable()
export class Threads {
  constructor(
    private readonly database: Database,
    private readonly threads: ThreadsRepository,
    private readonly choices: ChoicesRepository,
    private readonly conversations: ConversationsService,
  ) {}

  /** Begins one when there is none, when it was ended, or when another persona answers the person there by now (and people neither do nor were asked to). @returns the conversation */
  async of(channel: Channel, person: PersonRow, threadKey: string): Promise<number> {
    const open = await this.threads.findOpen(person.id, threadKey);
    if (open !== undefined && goesOn(open, channel)) {
      // People had taken it from another program, and have given it back in the inbox of escalations.
      if (open.isAiStopped && !open.isWithPeople) await this.threads.setAiStopped(open.conversationId, false);
      return open.conversationId;
    }
    return this.database.transaction(async () => {
      if (!(await this.threads.lockPerson(person.id))) throw new ReceiveLater('person_gone', 0, true);
      const current = await this.threads.findOpen(person.id, threadKey);
      if (current !== undefined) {
        if (goesOn(current, channel)) return current.conversationId;
        if (!(await this.threads.close(current.conversationId))) return current.conversationId;
      }
      const conversationId = await this.conversations.startThrough({
        channel: channel.type,
        workspaceId: channel.workspaceId,
        userId: person.userId,
        personaId: (await this.choices.personaOf(person.id, placeIn(threadKey))) ?? channel.personaId,
        title: channel.name,
        isEncrypted: true,
      });
      await this.threads.open({ conversationId, channelId: channel.id, identityId: person.id, threadKey });
      return conversationId;
    });
  }
}

function goesOn(thread: ThreadRow, channel: Channel): boolean {
  const isTheTeams = thread.isWithPeople || thread.isAwaitingPeople;
  return thread.isActive && (isTheTeams || thread.personaId === (thread.chosenPersonaId ?? channel.personaId));
}
