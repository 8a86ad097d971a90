import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { contentOf, type PersonaContent, type PersonaVersionView } from '../persona';
import { PersonaVersionEntity } from './persona-version.entity';
import { FROM_VISIBLE_PERSONAS, SNAPSHOT_COLUMNS } from './visible-personas.sql';

const HISTORY_COLUMNS = `${SNAPSHOT_COLUMNS}, v.restored_from_version AS "restoredFromVersion", v.created_by AS "createdBy",
  v.created_at AS "createdAt", v.version = p.current_version AS "isCurrent"`;

const FROM_VISIBLE_VERSIONS = `${FROM_VISIBLE_PERSONAS} JOIN persona_versions v ON v.persona_id = p.id`;

/** A persona's history: written once, read only. Reads are scoped to what the user may see. */
@Injectable()
export class PersonaVersionsRepository {
  constructor(private readonly database: Database) {}

  async add(version: {
    personaId: number;
    version: number;
    content: PersonaContent;
    createdBy: number;
    restoredFromVersion: number | null;
  }): Promise<void> {
    const { personaId, version: number, createdBy, restoredFromVersion } = version;
    await this.database
      .repository(PersonaVersionEntity)
      .insert({ ...contentOf(version.content), personaId, version: number, createdBy, restoredFromVersion });
  }

  /** Newest first. */
  list(
    userId: number,
    personaId: number,
    page: { limit: number; beforeVersion?: number },
  ): Promise<PersonaVersionView[]> {
    return this.database.query<PersonaVersionView>(
      `SELECT ${HISTORY_COLUMNS} ${FROM_VISIBLE_VERSIONS}
       WHERE p.id = $2 AND ($3::bigint IS NULL OR v.version < $3) ORDER BY v.version DESC LIMIT $4`,
      [userId, personaId, page.beforeVersion ?? null, page.limit],
    );
  }

  async find(userId: number, personaId: number, version: number): Promise<PersonaVersionView | undefined> {
    const [found] = await this.database.query<PersonaVersionView>(
      `SELECT ${HISTORY_COLUMNS} ${FROM_VISIBLE_VERSIONS} WHERE p.id = $2 AND v.version = $3::bigint`,
      [userId, personaId, version],
    );
    return found;
  }
}
