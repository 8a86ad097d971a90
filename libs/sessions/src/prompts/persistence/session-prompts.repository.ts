import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Session } from '../../session';

export interface ClientPromptRow {
  sessionId: number;
  /** As they are stored. */
  goals: string[];
  name: string;
  email: string | null;
  phone: string | null;
  metadata: Record<string, unknown>;
}

/** For the turn engine, whoever asks. */
@Injectable()
export class SessionPromptsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined where a conversation belongs to no coaching session. */
  async findClient(conversationId: number): Promise<ClientPromptRow | undefined> {
    const [row] = await this.database.query<ClientPromptRow>(
      `SELECT s.id AS "sessionId", s.goals, k.name, k.email, k.phone, k.metadata
       FROM sessions s JOIN clients k ON k.id = s.client_id WHERE s.conversation_id = $1`,
      [conversationId],
    );
    return row;
  }

  /** The session of a conversation with a visitor; undefined where there is none. */
  async findVisitor(conversationId: number): Promise<Pick<Session, 'id' | 'visitorData'> | undefined> {
    const [row] = await this.database.query<Pick<Session, 'id' | 'visitorData'>>(
      `SELECT id, visitor_data AS "visitorData" FROM sessions WHERE conversation_id = $1`,
      [conversationId],
    );
    return row;
  }
}
