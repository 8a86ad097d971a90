import type { Answer, Client } from './client';

export interface EscalationView {
  id: number;
  conversation_id: number;
  status: string;
  owner: string;
  reason: string;
  assigned_to: number | null;
  priority: number;
  tags: string[];
  claimed_seq: number | null;
  since_seq: number;
  last_seq: number;
  summary: string | null;
  draft_through_seq: number | null;
  suggested_reply: string | null;
  due_at: string | null;
  overdue_at: string | null;
  first_reply_at: string | null;
  csat_rating: number | null;
  csat_comment: string | null;
  triggers: { kind: string; evidence: string; message_seq: number | null }[];
  history: { kind: string; actor_id: number | null; target_id: number | null; note: string | null }[];
}

/** Somebody of a workspace's team, at the inbox. */
export class Agent {
  constructor(
    readonly client: Client,
    readonly workspaceId: number,
  ) {}

  async list(query = ''): Promise<EscalationView[]> {
    const { body } = await this.client.request<{ escalations: EscalationView[] }>(
      'GET',
      `/escalations?workspace_id=${this.workspaceId}${query}`,
    );
    return body.escalations;
  }

  async get(id: number): Promise<EscalationView> {
    return (await this.client.request<EscalationView>('GET', `/escalations/${id}`)).body;
  }

  act<T = EscalationView>(id: number, action: string, body: unknown = {}): Promise<Answer<T>> {
    return this.client.request<T>('POST', `/escalations/${id}/${action}`, body);
  }

  /** Stores rules for all personas of the workspace. They count at once in the api process that is asked, and soon in workers. @throws when they are refused */
  async rules(rules: object): Promise<void> {
    const { status, body } = await this.client.request<unknown>(
      'PUT',
      `/escalations/rules?workspace_id=${this.workspaceId}`,
      rules,
    );
    if (status !== 200) throw new Error(`no rules: ${status} ${JSON.stringify(body)}`);
  }

  /** Says of oneself as an agent. */
  async me(choices: { is_available?: boolean; capacity?: number; skills?: string[] }): Promise<void> {
    const { status, body } = await this.client.request<unknown>('PUT', '/escalations/agents/me', {
      workspace_id: this.workspaceId,
      ...choices,
    });
    if (status !== 200) throw new Error(`not stored: ${status} ${JSON.stringify(body)}`);
  }

  /** What the customer sees, as `role: text`. */
  async messages(id: number): Promise<string[]> {
    const { body } = await this.client.request<{ messages: { role: string; content: string }[] }>(
      'GET',
      `/escalations/${id}/messages?limit=200`,
    );
    return body.messages.map(({ role, content }) => `${role}: ${content}`);
  }
}
