import { Database, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { contentOf, type PersonaContent, type PersonaVersionView, type PersonaView } from './persona';
import { PersonaHistoryService } from './persona-history.service';
import { personaVersionInUse } from './personas.errors';
import { PersonasService, refuseIfChanged } from './personas.service';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';
import { PersonasRepository } from './persistence/personas.repository';

export interface NewDraft {
  /** What is not in it is taken from the version that it is based on. */
  content: Partial<PersonaContent>;
  /** The published one unless given. */
  basedOnVersion?: number;
  /** Refuses the draft when another version is published. */
  expectedVersion?: number;
}

/** Versions that do not count yet, and which one does. */
@Injectable()
export class PersonaPublishingService {
  constructor(
    private readonly database: Database,
    private readonly personas: PersonasService,
    private readonly history: PersonaHistoryService,
    private readonly personaRows: PersonasRepository,
    private readonly versions: PersonaVersionsRepository,
  ) {}

  /**
   * Makes a version that answers nobody until it is published or compared. The same content as before is fine: it may be compared with itself.
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND or PERSONA.VERSION_NOT_FOUND, 409 PERSONA.VERSION_CONFLICT
   */
  async draft(principal: Principal, personaId: number, draft: NewDraft): Promise<PersonaVersionView> {
    return this.database.transaction(async () => {
      const persona = await this.personas.lockForEdit(principal, personaId);
      refuseIfChanged(persona, draft.expectedVersion);
      const basedOnVersion = draft.basedOnVersion ?? persona.version;
      const base = await this.history.get(principal, personaId, basedOnVersion);
      const version = await this.personaRows.takeVersionNumber(personaId);
      await this.versions.add({
        personaId,
        version,
        content: { ...contentOf(base), ...draft.content },
        createdBy: principal.userId,
        restoredFromVersion: null,
        basedOnVersion,
      });
      return this.history.get(principal, personaId, version);
    });
  }

  /**
   * From the next turn on this version answers, whether it is a draft or was published before: then it is a roll-back. Nothing changes when it
   * is the published one already. A comparison that runs goes on with its own versions.
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND or PERSONA.VERSION_NOT_FOUND, 409 PERSONA.VERSION_CONFLICT
   */
  async publish(
    principal: Principal,
    personaId: number,
    version: number,
    expectedVersion?: number,
  ): Promise<PersonaView> {
    return this.database.transaction(async () => {
      const persona = await this.personas.lockForEdit(principal, personaId);
      await this.history.get(principal, personaId, version);
      refuseIfChanged(persona, expectedVersion);
      if (version === persona.version) return persona;
      const { visibility } = persona;
      await this.personaRows.save(personaId, { currentVersion: version, visibility, publishedBy: principal.userId });
      return this.personas.get(principal, personaId);
    });
  }

  /**
   * Only a draft: what has answered somebody is kept.
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND or PERSONA.VERSION_NOT_FOUND, 409 PERSONA.VERSION_IN_USE
   */
  async deleteDraft(principal: Principal, personaId: number, version: number): Promise<void> {
    await this.database.transaction(async () => {
      await this.personas.lockForEdit(principal, personaId);
      const { status } = await this.history.get(principal, personaId, version);
      if (status !== 'draft') throw personaVersionInUse(personaId, version, status);
      await this.versions.delete(personaId, version);
    });
  }
}
