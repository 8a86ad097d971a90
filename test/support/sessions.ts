import type { Answer, Client, Message } from './client';

export interface ClientAnswer {
  id: number;
  workspace_id: number;
  name: string;
  email: string | null;
  phone: string | null;
  external_id: string | null;
  metadata: Record<string, unknown>;
}

export interface SessionAnswer {
  id: string;
  conversation_id: number;
  persona_id: number;
  client_id: number;
  status: 'active' | 'ended';
  end_reason: string | null;
  goals: string[];
  summary: string | null;
  summary_status: string;
  message_count: number;
  timeout_ms: number;
  started_at: string;
  ended_at: string | null;
  last_activity_at: string;
  expires_at: string | null;
}

export interface SessionSendAnswer {
  session: SessionAnswer;
  user_message: Message;
  assistant_message: Message;
  turn_id: number;
}

async function created<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { status, body } = await answer;
  if (status !== 201) throw new Error(`expected 201, got ${status}: ${JSON.stringify(body)}`);
  return body;
}

export const aClient = (coach: Client, fields: Record<string, unknown> = {}): Promise<ClientAnswer> =>
  created(coach.request('POST', '/clients', { name: 'Dana Moss', ...fields }));

/** A session with a persona and a client that are made for it, unless given. */
export async function aSession(coach: Client, fields: Record<string, unknown> = {}): Promise<SessionAnswer> {
  return created(
    coach.request('POST', '/sessions', {
      persona_id: fields.persona_id ?? (await coach.persona()),
      client_id: fields.client_id ?? (await aClient(coach)).id,
      ...fields,
    }),
  );
}

export const say = (
  coach: Client,
  session: Pick<SessionAnswer, 'id'>,
  content: string,
  headers: Record<string, string> = {},
): Promise<Answer<SessionSendAnswer>> =>
  coach.request('POST', `/sessions/${session.id}/messages`, { content }, headers);

export const sessionOf = async (coach: Client, { id }: Pick<SessionAnswer, 'id'>): Promise<SessionAnswer> =>
  (await coach.request<SessionAnswer>('GET', `/sessions/${id}`)).body;
