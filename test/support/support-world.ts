import { Client as Postgres } from 'pg';
import { Client } from './client';
import { FakeOpenAI } from './fake-openai';
import { type Parley, startParley } from './parley';
import { Agent } from './team';
import { Visitor } from './visitor';

/** An installation with a model that does what it is told; Dana owns the workspace of the visitors. */
export class SupportWorld {
  protected constructor(
    readonly upstream: FakeOpenAI,
    readonly parley: Parley,
    readonly sql: Postgres,
    readonly dana: Agent,
  ) {}

  static async start(env: NodeJS.ProcessEnv = {}): Promise<SupportWorld> {
    const upstream = new FakeOpenAI();
    const parley = await startParley({ OPENAI_BASE_URL: await upstream.start(), OPENAI_API_KEY: 'sk-test', ...env });
    const sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    const first = await Client.register(() => parley.url);
    const { rows } = await sql.query<{ id: string }>('SELECT id FROM workspaces WHERE is_default');
    return new SupportWorld(upstream, parley, sql, new Agent(first, Number(rows[0]!.id)));
  }

  async stop(): Promise<void> {
    await this.sql.end();
    await this.parley.stop();
    await this.upstream.stop();
  }

  /** Somebody new in that workspace, who is no agent yet. */
  async member(): Promise<Agent> {
    const member = new Agent(await Client.register(() => this.parley.url), this.dana.workspaceId);
    await this.addMember(member);
    return member;
  }

  /** Also somebody who has left it. */
  async addMember({ client, workspaceId }: Agent): Promise<void> {
    await this.sql.query(
      `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member') ON CONFLICT DO NOTHING`,
      [workspaceId, client.userId],
    );
  }

  /** @throws when it is refused */
  async makeAgent({ client, workspaceId }: Agent): Promise<void> {
    const body = { workspace_id: workspaceId };
    const { status } = await this.dana.client.request('PUT', `/escalations/agents/${client.userId}`, body);
    if (status !== 200) throw new Error(`no agent: ${status}`);
  }

  visitor(): Promise<Visitor> {
    return Visitor.begin(() => this.parley.url);
  }

  /** A visitor whose first message asks for somebody. @throws when nobody is asked */
  async escalated(text = 'I want a refund now'): Promise<{ visitor: Visitor; id: number }> {
    const visitor = await this.visitor();
    const { escalated, turnId } = (await visitor.send(text)).body;
    if (!escalated) throw new Error(`nobody is asked for "${text}"`);
    const { rows } = await this.sql.query<{ id: string }>(
      'SELECT escalation_id AS id FROM escalation_triggers WHERE turn_id = $1',
      [turnId],
    );
    return { visitor, id: Number(rows[0]!.id) };
  }
}
