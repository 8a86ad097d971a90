import { type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, toPage } from './cursor';
import { contentOf, type PersonaVersionView, type PersonaView } from './persona';
import { personaVersionNotFound } from './personas.errors';
import { PersonasService } from './personas.service';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';

/** Looks at a persona's versions, and brings one back as a new one. */
@Injectable()
export class PersonaHistoryService {
  constructor(
    private readonly personas: PersonasService,
    private readonly versions: PersonaVersionsRepository,
  ) {}

  /** Newest first. @throws 404 PERSONA.NOT_FOUND */
  async list(
    principal: Principal,
    personaId: number,
    page: { limit: number; cursor?: string },
  ): Promise<Page<PersonaVersionView>> {
    await this.personas.get(principal, personaId);
    const beforeVersion = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
    const found = await this.versions.list(principal.userId, personaId, { limit: page.limit + 1, beforeVersion });
    return toPage(found, page.limit, ({ version }) => version);
  }

  /** @throws 404 PERSONA.NOT_FOUND or PERSONA.VERSION_NOT_FOUND */
  async get(principal: Principal, personaId: number, version: number): Promise<PersonaVersionView> {
    await this.personas.get(principal, personaId);
    const found = await this.versions.find(principal.userId, personaId, version);
    if (found === undefined) throw personaVersionNotFound(personaId, version);
    return found;
  }

  /**
   * Makes a new version with the content of an old one. Who may see the persona stays as it is: a roll-back publishes nothing.
   * When the content is what counts already, nothing changes.
   */
  async rollBack(principal: Principal, personaId: number, version: number): Promise<PersonaView> {
    const old = await this.get(principal, personaId, version);
    return this.personas.change(principal, personaId, { content: contentOf(old), restoredFromVersion: version });
  }
}
