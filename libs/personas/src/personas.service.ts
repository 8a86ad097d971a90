import { Database, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, toPage } from './cursor';
import {
  contentOf,
  isSameContent,
  type PersonaContent,
  type PersonaSummary,
  type PersonaVersionSnapshot,
  type PersonaView,
  type Visibility,
} from './persona';
import {
  onlyOwnerMakesPrivate,
  personaForbidden,
  personaNotFound,
  personaVersionConflict,
  workspaceNotFound,
} from './personas.errors';
import { ExperimentsRepository } from './persistence/experiments.repository';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';
import { type PersonaFilter, PersonasRepository } from './persistence/personas.repository';

export interface NewPersona {
  content: PersonaContent;
  visibility: Visibility;
  /** The caller's personal workspace unless given. */
  workspaceId?: number;
}

export interface PersonaChange {
  /** What is not in it stays as it is. */
  content: Partial<PersonaContent>;
  visibility?: Visibility;
  /** Refuses the change when the persona is at another version. */
  expectedVersion?: number;
  restoredFromVersion?: number;
}

/** A version has at most about 300,000 characters, usually a few thousand. */
const MAX_KNOWN_VERSIONS = 200;

@Injectable()
export class PersonasService {
  private readonly known = new Map<string, PersonaVersionSnapshot>();

  constructor(
    private readonly database: Database,
    private readonly personas: PersonasRepository,
    private readonly versions: PersonaVersionsRepository,
    private readonly experiments: ExperimentsRepository,
  ) {}

  async list(
    principal: Principal,
    filter: Omit<PersonaFilter, 'beforeId'> & { cursor?: string },
  ): Promise<Page<PersonaView>> {
    const { cursor, limit, ...rest } = filter;
    const beforeId = cursor === undefined ? undefined : decodeCursor(cursor);
    return toPage(
      await this.personas.list(principal.userId, { ...rest, beforeId, limit: limit + 1 }),
      limit,
      ({ id }) => id,
    );
  }

  /** @throws 404 PERSONA.NOT_FOUND when it is deleted, somebody else's, or not there at all */
  async get(principal: Principal, id: number): Promise<PersonaView> {
    const persona = await this.personas.findVisible(principal.userId, id);
    if (persona === undefined || persona.isDeleted) throw personaNotFound(id);
    return persona;
  }

  /**
   * For other libraries: a persona that the caller may use. With `includeDeleted` also one that is deleted, so that the history of
   * its conversations can name it.
   * @throws 404 PERSONA.NOT_FOUND
   */
  async getVisible(
    principal: Principal,
    personaId: number,
    options: { includeDeleted?: boolean } = {},
  ): Promise<PersonaSummary> {
    const persona = await this.personas.findVisible(principal.userId, personaId);
    const isHidden = persona?.isDeleted === true && options.includeDeleted !== true;
    if (persona === undefined || isHidden) throw personaNotFound(personaId);
    const { id, workspaceId, ownerId, name, visibility, version, isDeleted } = persona;
    return { id, workspaceId, ownerId, name, visibility, version, isDeleted };
  }

  /** For the turn engine: what answers now, whoever asks. Null when the persona is deleted or was never there. One query. */
  async currentVersion(personaId: number): Promise<PersonaVersionSnapshot | null> {
    return (await this.personas.currentVersion(personaId)) ?? null;
  }

  /** For the turn engine: one version, whoever asks. Versions never change, so the ones in use are kept in memory. Null when it is not there. */
  async version(personaId: number, version: number): Promise<PersonaVersionSnapshot | null> {
    const key = `${personaId}/${version}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const snapshot = await this.personas.version(personaId, version);
    if (snapshot === undefined) return null;
    const oldest = this.known.keys().next();
    if (this.known.size >= MAX_KNOWN_VERSIONS && oldest.done !== true) this.known.delete(oldest.value);
    this.known.set(key, snapshot);
    return snapshot;
  }

  /** @throws 404 WORKSPACE.NOT_FOUND when the caller is no member of the workspace */
  async create(principal: Principal, persona: NewPersona): Promise<PersonaView> {
    const workspaceId = persona.workspaceId ?? principal.workspaceId;
    if (!(await this.personas.isMember(principal.userId, workspaceId))) throw workspaceNotFound(workspaceId);
    return this.database.transaction(async () => {
      const id = await this.personas.create({ workspaceId, ownerId: principal.userId, visibility: persona.visibility });
      await this.versions.add({
        personaId: id,
        version: 1,
        content: persona.content,
        createdBy: principal.userId,
        restoredFromVersion: null,
      });
      return this.get(principal, id);
    });
  }

  /**
   * Changes a persona. New content becomes a new version that counts from the next turn on; content that is the same makes none.
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND, 409 PERSONA.VERSION_CONFLICT
   */
  async change(principal: Principal, id: number, change: PersonaChange): Promise<PersonaView> {
    return this.database.transaction(async () => {
      const persona = await this.lockForEdit(principal, id);
      const { expectedVersion, visibility = persona.visibility } = change;
      refuseIfChanged(persona, expectedVersion);
      if (visibility === 'private' && persona.ownerId !== principal.userId) throw onlyOwnerMakesPrivate(id);
      const content = { ...contentOf(persona), ...change.content };
      const isNewVersion = !isSameContent(content, persona);
      if (!isNewVersion && visibility === persona.visibility) return persona;
      const version = isNewVersion ? await this.personas.takeVersionNumber(id) : persona.version;
      if (isNewVersion) {
        const restoredFromVersion = change.restoredFromVersion ?? null;
        await this.versions.add({ personaId: id, version, content, createdBy: principal.userId, restoredFromVersion });
      }
      await this.personas.save(id, { currentVersion: version, visibility, publishedBy: principal.userId });
      return this.get(principal, id);
    });
  }

  /** Nobody can start or continue a conversation with it any more; what was said, and its versions, stay. A comparison of them ends. */
  async delete(principal: Principal, id: number): Promise<void> {
    await this.database.transaction(async () => {
      await this.lockForEdit(principal, id);
      await this.experiments.stopRunning(id, principal.userId);
      await this.personas.markDeleted(id);
    });
  }

  /**
   * For changes that belong together: the persona stays as it is until the running transaction ends.
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND
   */
  async lockForEdit(principal: Principal, id: number): Promise<PersonaView> {
    const persona = await this.personas.lockVisible(principal.userId, id);
    if (persona === undefined || persona.isDeleted) throw personaNotFound(id);
    if (!persona.canEdit) throw personaForbidden(id);
    return persona;
  }
}

/** @throws 409 PERSONA.VERSION_CONFLICT when it is at another version than the caller has read */
export function refuseIfChanged(persona: PersonaView, expectedVersion: number | undefined): void {
  if (expectedVersion === undefined || expectedVersion === persona.version) return;
  throw personaVersionConflict(persona.id, expectedVersion, persona.version);
}
