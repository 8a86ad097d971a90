import { randomUUID } from 'node:crypto';
import { VisitorsService } from '@app/auth';
import { isUniqueViolation, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../core/channel';
import type { InboundEvent, Sender } from '../core/channel-adapter';
import { personKey } from './inbox-row';
import type { Settled } from './persistence/inbox.repository';
import { PeopleRepository, type PersonRow } from './persistence/people.repository';
import { ReceiveLater } from './receive-later';

type Moved = Extract<InboundEvent, { kind: 'moved' }>;

/** Who writes through a channel: one user per person and channel. */
@Injectable()
export class People {
  constructor(
    private readonly people: PeopleRepository,
    private readonly visitors: VisitorsService,
  ) {}

  /** By whichever of the person's ids is known; what is new about them is kept. */
  async of(channel: Channel, sender: Sender): Promise<PersonRow> {
    const known = await this.people.find(channel.id, sender);
    if (known === undefined) return this.add(channel, sender);
    if (isNews(known, sender)) await this.people.learn(channel.id, known.id, sender);
    return known;
  }

  /** Somebody has new ids: who they are, and their conversation, goes on under these. */
  async move(channel: Channel, { sender, to }: Moved): Promise<Settled> {
    const person = await this.people.find(channel.id, sender);
    if (person === undefined) return { status: 'ignored', reason: 'unknown_person' };
    const isMoved = await this.people.move(channel.id, person.id, to).catch((error: unknown) => {
      // They write under the new ones at this moment.
      throw isUniqueViolation(error) ? new ReceiveLater('person_added', 0, true) : error;
    });
    return isMoved ? { status: 'done' } : { status: 'ignored', reason: 'is_somebody_else' };
  }

  private async add(channel: Channel, sender: Sender): Promise<PersonRow> {
    const key = personKey(sender);
    const { phone, name } = sender;
    const userId = await this.newUser(channel, key);
    const person =
      (await this.people.add(channel.id, userId, { key, phone, name })) ?? (await this.people.find(channel.id, sender));
    // Made and erased again in the meantime.
    if (person === undefined) throw new ReceiveLater('person_gone', 0, true);
    return person;
  }

  /** The same one again when a worker died before it was used. */
  private async newUser({ id, type, workspaceId }: Channel, key: string): Promise<number> {
    const name = `${type}:${id}:${key}`;
    const userId = await this.visitors.findOrCreate(workspaceId, name);
    // Whoever had the number before has the user, too.
    if (!(await this.people.isTaken(userId))) return userId;
    return this.visitors.findOrCreate(workspaceId, `${name}:${randomUUID()}`);
  }
}

/** As the person in conversations. */
export const asPrincipal = (channel: Channel, person: PersonRow): Principal => ({
  userId: person.userId,
  workspaceId: channel.workspaceId,
  loginId: 0,
  isInstanceAdmin: false,
});

function isNews({ externalId, phone, name }: PersonRow, sender: Sender): boolean {
  const hasNewId = sender.scopedId !== null && externalId !== sender.scopedId && externalId === phone;
  return (
    hasNewId || (sender.phone !== null && sender.phone !== phone) || (sender.name !== null && sender.name !== name)
  );
}
