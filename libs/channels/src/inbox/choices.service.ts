import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../core/channel';
import { ChoicesRepository, type SharedPersona } from './persistence/choices.repository';
import { ThreadsRepository } from './persistence/threads.repository';

/** More personas of a workspace than anybody shares. */
const MAX_PERSONAS = 500;

/** The place of a thread: what stands in its key in front of the first colon. */
export const placeIn = (threadKey: string): string => threadKey.split(':', 1)[0] ?? '';

/** What a person decides for themselves in a place of the other system: who answers them, and to begin anew. */
@Injectable()
export class Choices {
  constructor(
    private readonly database: Database,
    private readonly choices: ChoicesRepository,
    private readonly threads: ThreadsRepository,
  ) {}

  /** Those that everybody in the channel's workspace may talk with. */
  personas({ workspaceId }: Channel): Promise<SharedPersona[]> {
    return this.choices.personas(workspaceId, MAX_PERSONAS);
  }

  /** Undefined: the channel's own. */
  personaOf(identityId: number, place: string): Promise<number | undefined> {
    return this.choices.personaOf(identityId, place);
  }

  /** From the next message on. */
  async choose(identityId: number, place: string, personaId: number): Promise<void> {
    await this.database.transaction(async () => {
      // Nobody begins a conversation with the one before at this moment.
      if (!(await this.threads.lockPerson(identityId))) return;
      await this.choices.setPersona(identityId, place, personaId);
      await this.choices.endThreads(identityId, place);
    });
  }

  /** Open conversations there end, and what was said before is not told any more, also when it is not stored here. */
  async reset(identityId: number, place: string): Promise<void> {
    await this.database.transaction(async () => {
      if (!(await this.threads.lockPerson(identityId))) return;
      await this.choices.setReset(identityId, place);
      await this.choices.endThreads(identityId, place);
    });
  }
}
