import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, toPage } from './cursor';
import {
  type ModelFilter,
  type ModelUse,
  type PersonaModels,
  PersonaModelsRepository,
} from './persistence/persona-models.repository';

/** For the library that knows of models: who uses which. */
@Injectable()
export class PersonaModelsService {
  constructor(private readonly models: PersonaModelsRepository) {}

  /** Personas that the caller may change and that use such a model, newest version first; for an instance admin those of everybody. */
  async usersOf(
    principal: Principal,
    filter: ModelFilter,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<PersonaModels>> {
    const beforeId = cursor === undefined ? undefined : decodeCursor(cursor);
    const found = principal.isInstanceAdmin
      ? await this.models.all(filter, limit + 1, beforeId)
      : await this.models.editable(principal.userId, filter, limit + 1, beforeId);
    return toPage(found, limit, ({ versionId }) => versionId);
  }

  /** Every model that a persona names now, and by how many. Reads all personas: for jobs, not for requests. */
  used(): Promise<ModelUse[]> {
    return this.models.used();
  }
}
