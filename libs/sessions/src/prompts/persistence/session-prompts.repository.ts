import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

export interface SessionPromptRow {
  sessionId: number;
  /** As they are stored. */
  goals: string[];
  name: string;
  email: string | null;
  phone: string | null;
  metadata: Record<string, unknown>;
}

@Injectable()
export class SessionPromptsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined where a conversation belongs to no coaching session. For the turn engine, whoever asks. */
  async find(conversationId: number): Promise<SessionPromptRow | undefined> {
    const [row] = await this.database.query<SessionPromptRow>(
      `SELECT s.id AS "sessionId", s.goals, k.name, k.email, k.phone, k.metadata
       FROM sessions s JOIN clients k ON k.id = s.client_id WHERE s.conversation_id = $1`,
      [conversationId],
    );
    return row;
  }
}
