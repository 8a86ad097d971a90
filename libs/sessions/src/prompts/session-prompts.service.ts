import { FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { openGoals } from '../coaching/goals';
import { VisitorDataCipher } from '../support/visitors/visitor-data.service';
import { SessionPromptsRepository } from './persistence/session-prompts.repository';

/** What a persona is told about the session that it answers in. */
export interface SessionPrompt {
  client: { name: string; email: string | null; phone: string | null; metadata: Record<string, unknown> };
  goals: string[];
}

/** What of a conversation says whether it belongs to a session. */
interface Subject {
  /** The door that it came through. */
  channel: string;
  conversationId: number;
}

/** Tells the gateway whose session a conversation is. */
@Injectable()
export class SessionPrompts {
  constructor(
    private readonly sessions: SessionPromptsRepository,
    private readonly reader: FieldReader,
    private readonly visitors: VisitorDataCipher,
  ) {}

  /** Null where nobody is known: in a conversation of no session, which costs no statement, and with a visitor whom nobody vouches for. */
  async of({ channel, conversationId }: Subject): Promise<SessionPrompt | null> {
    if (channel === 'session') return this.ofClient(conversationId);
    return channel === 'support' ? this.ofVisitor(conversationId) : null;
  }

  private async ofClient(conversationId: number): Promise<SessionPrompt | null> {
    const found = await this.sessions.findClient(conversationId);
    if (found === undefined) return null;
    const { sessionId, goals, ...client } = found;
    return { client, goals: openGoals(this.reader, sessionId, goals) };
  }

  /** Only what was proven: whatever else the page said may be a lie of whoever sits before it. */
  private async ofVisitor(conversationId: number): Promise<SessionPrompt | null> {
    const session = await this.sessions.findVisitor(conversationId);
    const visitor = session === undefined ? null : this.visitors.open(session);
    if (visitor?.isProven !== true || visitor.userId === null) return null;
    const { userId, person = {} } = visitor;
    const email = person.email ?? null;
    const hasName = person.name !== undefined && person.name.trim() !== '';
    const client = hasName
      ? { name: person.name!, email, phone: null, metadata: { user_id: userId } }
      : { name: userId, email, phone: null, metadata: {} };
    return { client, goals: [] };
  }
}
