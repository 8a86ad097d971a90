import { Database, FieldCipher } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { VisitorsRepository } from './persistence/visitors.repository';
import { visitorFingerprints } from './visitor-fingerprints';

/** Place that a visitor's id of the host site is bound to. */
const placeOf = (userId: number): string => `users/${userId}/visitor_external_id`;

/** People who write through a door of a workspace and have no account. */
@Injectable()
export class VisitorsService {
  constructor(
    private readonly database: Database,
    private readonly visitors: VisitorsRepository,
    private readonly cipher: FieldCipher,
  ) {}

  /** Somebody nobody knows. @returns the user's id */
  async createAnonymous(workspaceId: number): Promise<number> {
    return this.visitors.insert(workspaceId, null);
  }

  /** Whether a host site has vouched for this visitor. It never changes. */
  async isProven(userId: number): Promise<boolean> {
    return this.visitors.isProven(userId);
  }

  /** Removes a visitor whom nobody has vouched for and who has nothing any more: nobody could ever come back as them. */
  async removeAnonymous(userId: number): Promise<void> {
    await this.visitors.removeAnonymous(userId);
  }

  /** Removes a visitor of whom nothing is left to keep; one who has a conversation stays. */
  async erase(userId: number): Promise<void> {
    await this.visitors.remove(userId);
  }

  /**
   * The visitor that a workspace's host site has proven to be `externalId`: the same one every time.
   * @returns the user's id
   */
  async findOrCreate(workspaceId: number, externalId: string): Promise<number> {
    const fingerprints = visitorFingerprints(this.cipher, workspaceId, externalId);
    const known = await this.visitors.find(workspaceId, fingerprints);
    if (known !== undefined) return known;
    return this.database.transaction(async () => {
      const made = await this.visitors.insert(workspaceId, fingerprints[0]!);
      // Somebody else was faster with the same visitor.
      if (made === undefined) return (await this.visitors.find(workspaceId, fingerprints))!;
      await this.visitors.setExternalId(made, this.cipher.encrypt(externalId, placeOf(made)));
      return made;
    });
  }
}
