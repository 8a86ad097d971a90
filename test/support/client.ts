/** What the API answered. `body` is typed by the caller: the tests know what they ask for. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Problem {
  detail: string;
  code: string;
  errors?: { field: string; message: string }[];
}

export interface Message {
  id: number;
  seq: number;
  role: 'user' | 'assistant';
  content: string;
  status: string;
  tokens_used?: number | null;
  model_used?: string | null;
  error_code?: string | null;
}

export interface SendAnswer {
  conversation: { id: number; title: string };
  user_message: Message;
  assistant_message: Message;
  turn_id: number;
}

export interface TurnAnswer {
  id: number;
  status: string;
  attempt: number;
  user_message: Message | null;
  assistant_message: Message | null;
  error: { code: string; detail: string } | null;
}

/** A logged-in user, talking plain HTTP. */
export class Client {
  static count = 0;
  token = '';
  refreshToken = '';
  userId = 0;

  constructor(private readonly baseUrl: () => string) {}

  /** Registers a new user. */
  static async register(
    baseUrl: string | (() => string),
    username = `user${(Client.count += 1)}-${process.pid}@example.com`,
  ): Promise<Client> {
    const client = new Client(typeof baseUrl === 'string' ? () => baseUrl : baseUrl);
    const { status, body } = await client.request<{ id: number; access_token: string; refresh_token: string }>(
      'POST',
      '/auth/register',
      {
        username,
        password: 'password123',
      },
    );
    if (status !== 201) throw new Error(`register answered ${status}: ${JSON.stringify(body)}`);
    client.token = body.access_token;
    client.refreshToken = body.refresh_token;
    client.userId = body.id;
    return client;
  }

  /** The same user at another process. */
  at(baseUrl: () => string): Client {
    return Object.assign(new Client(baseUrl), { token: this.token, userId: this.userId });
  }

  async request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.baseUrl()}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    };
  }

  /** Uploads a PNG; returns its id. */
  async upload(bytes: Buffer): Promise<string> {
    const response = await fetch(`${this.baseUrl()}/chat/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', authorization: `Bearer ${this.token}` },
      body: new Uint8Array(bytes),
    });
    if (response.status !== 201) throw new Error(`upload answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  /** For the instance admin: a price of the server at `OPENAI_BASE_URL`, and the re-rating that it starts. */
  async price(fields: Record<string, unknown> = {}): Promise<{ id: number; re_rating_id: number }> {
    const { status, body } = await this.request<{ id: number; re_rating_id: number }>('POST', '/prices', {
      provider: 'compatible',
      model: `priced-${(Client.count += 1)}`,
      effective_from: '2026-01-01',
      input_usd_per_mtok: 1,
      output_usd_per_mtok: 2,
      ...fields,
    });
    if (status !== 201) throw new Error(`POST /prices answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async persona(fields: Record<string, unknown> = {}): Promise<number> {
    const { body } = await this.request<{ id: number }>('POST', '/personas', {
      name: 'Alex',
      description: 'A good friend',
      ...fields,
    });
    return body.id;
  }

  /** A comparison of the persona's version with a draft that is made for it. */
  async experiment(personaId: number): Promise<number> {
    const draft = await this.request<{ version: number }>('POST', `/personas/${personaId}/versions`, {
      description: 'Another one',
    });
    const { body } = await this.request<{ id: number }>('POST', `/personas/${personaId}/experiments`, {
      name: 'Which is better?',
      version_b: draft.body.version,
    });
    return body.id;
  }

  /** A budget of the user's own workspace, in tokens per month; without a limit it leaves room for everything. */
  async budget(limit = 1_000_000_000): Promise<number> {
    const { body } = await this.request<{ id: number }>('POST', '/budgets', {
      name: 'Plenty',
      scope: 'workspace',
      unit: 'tokens',
      limit,
      period: 'month',
    });
    return body.id;
  }

  async conversation(personaId?: number): Promise<number> {
    const { body } = await this.request<{ id: number }>('POST', '/chat/conversations', {
      persona_id: personaId ?? (await this.persona()),
    });
    return body.id;
  }

  send(conversationId: number, content: string, headers: Record<string, string> = {}): Promise<Answer<SendAnswer>> {
    return this.request('POST', `/chat/conversations/${conversationId}/send`, { content }, headers);
  }

  async messages(conversationId: number): Promise<Message[]> {
    const { body } = await this.request<{ messages: Message[] }>(
      'GET',
      `/chat/conversations/${conversationId}/messages?limit=200`,
    );
    return body.messages;
  }
}
