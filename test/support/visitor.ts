import type { Answer } from './client';

export interface SupportSession {
  sessionId: string;
  userId: string | null;
  isIdentified: boolean;
  createdAt: string;
  expiresAt: string;
}

export interface SupportReply {
  sessionId: string;
  message: string;
  messageId: number | null;
  confidence: number | null;
  escalated: boolean;
  escalationReason: string | null;
  turnId: number;
  seq: number | null;
  status: string;
}

export interface SupportHistory {
  sessionId: string;
  messages: {
    role: string;
    content: string;
    timestamp: string;
    messageId: number;
    seq: number;
    status: string;
  }[];
  hasMore: boolean;
}

/** Somebody without a login on a website, talking plain HTTP. */
export class Visitor {
  sessionId = '';

  /** @param headers sent with every request, such as `origin` */
  constructor(
    private readonly baseUrl: () => string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** Begins a session. @throws when it is refused */
  static async begin(
    baseUrl: () => string,
    body: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Visitor> {
    const visitor = new Visitor(baseUrl, headers);
    const answer = await visitor.begin(body);
    if (answer.status !== 201) throw new Error(`no session: ${answer.status} ${JSON.stringify(answer.body)}`);
    return visitor;
  }

  async begin(body: Record<string, unknown> = {}): Promise<Answer<SupportSession>> {
    const answer = await this.request<SupportSession>('POST', '/session', body);
    if (answer.status === 201) this.sessionId = answer.body.sessionId;
    return answer;
  }

  send(message: string, headers: Record<string, string> = {}): Promise<Answer<SupportReply>> {
    return this.request('POST', '/message', { sessionId: this.sessionId, message }, headers);
  }

  history(query = ''): Promise<Answer<SupportHistory>> {
    return this.request('GET', `/history/${this.sessionId}${query}`);
  }

  async request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.baseUrl()}/api/v1/chat${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...this.headers, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    };
  }
}
