import { FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { openGoals } from '../coaching/goals';
import { SessionPromptsRepository } from './persistence/session-prompts.repository';

/** What a persona is told about the session that it answers in. */
export interface SessionPrompt {
  client: { name: string; email: string | null; phone: string | null; metadata: Record<string, unknown> };
  goals: string[];
}

/** Conversations that came through this door have a client. */
const CHANNEL = 'session';

/** Tells the gateway whose session a conversation is. */
@Injectable()
export class SessionPrompts {
  constructor(
    private readonly sessions: SessionPromptsRepository,
    private readonly reader: FieldReader,
  ) {}

  /** Null for what is no coaching session; that costs no statement. */
  async of({ channel, conversationId }: { channel: string; conversationId: number }): Promise<SessionPrompt | null> {
    if (channel !== CHANNEL) return null;
    const found = await this.sessions.find(conversationId);
    if (found === undefined) return null;
    const { sessionId, goals, ...client } = found;
    return { client, goals: openGoals(this.reader, sessionId, goals) };
  }
}
