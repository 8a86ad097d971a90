import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { aSession, say, sessionOf } from '../support/sessions';
import { Agent, type EscalationView } from '../support/team';

describe('what was said before and while people had a conversation', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let owner: Client;
  let team: Agent;
  let sql: Postgres;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_MAX_RETRIES: '0',
    });
    owner = await Client.register(() => parley.url);
    const me = await owner.request<{ workspace_id: number }>('GET', '/auth/me');
    team = new Agent(owner, me.body.workspace_id);
    sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    expect((await owner.request('PUT', '/escalations/rules', { keywords: { words: ['refund'] } })).status).toBe(200);
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const escalationOf = async (conversationId: number): Promise<EscalationView | undefined> =>
    (await team.list(`&conversation_id=${conversationId}`))[0];
  /** The worker has heard of the rules by then. */
  const escalated = (text: string): Promise<{ conversationId: number; id: number }> =>
    eventually(async () => {
      const conversationId = await owner.conversation();
      await owner.send(conversationId, text);
      const escalation = await escalationOf(conversationId);
      return escalation && { conversationId, id: escalation.id };
    }, 'the rules to be known everywhere');

  it('a message that is deleted is not quoted, nor summed up, for the team any more', async () => {
    const { conversationId, id } = await escalated('I want a refund to DE89370400440532013000');
    const drafted = await eventually(async () => {
      const now = await team.get(id);
      return now.summary === null ? undefined : now;
    }, 'the draft');
    expect(drafted.triggers).toEqual([
      expect.objectContaining({ evidence: expect.stringContaining('DE8937') as string }),
    ]);
    const [message] = await owner.messages(conversationId);
    expect((await owner.request('DELETE', `/chat/messages/${message!.id}`)).status).toBe(204);
    const now = await team.get(id);
    expect(now.triggers).toEqual([expect.objectContaining({ kind: 'keyword', evidence: '' })]);
    expect(now).toMatchObject({ summary: null, suggested_reply: null });
    const { rows } = await sql.query<{ left: string }>(
      `SELECT (SELECT string_agg(e::text, ' ') FROM escalations e WHERE id = $1) || (SELECT string_agg(g::text, ' ') FROM escalation_triggers g WHERE escalation_id = $1) AS left`,
      [id],
    );
    expect(rows[0]!.left).not.toMatch(/DE8937/);
  });

  it('another reply to what people have dealt with asks nobody again', async () => {
    const { conversationId, id } = await escalated('I want a refund');
    await team.act(id, 'claim');
    await team.act(id, 'return');
    const reply = (await owner.messages(conversationId)).find(({ role }) => role === 'assistant');
    const again = await owner.request<{ assistant_message: { status: string } }>(
      'POST',
      `/chat/messages/${reply!.id}/regenerate`,
    );
    expect(again).toMatchObject({ status: 200, body: { assistant_message: { status: 'completed' } } });
    expect((await team.list(`&conversation_id=${conversationId}`)).map(({ status }) => status)).toEqual(['returned']);
    await owner.send(conversationId, 'Now I want a refund for another order');
    expect((await escalationOf(conversationId))!.status).toBe('open');
  });

  it('an answer that is being stored while the team ends what nobody had taken asks nobody again', async () => {
    const { conversationId, id } = await escalated('I want a refund');
    await eventually(async () => ((await team.get(id)).summary === null ? undefined : true), 'the draft');
    upstream.next(scenarios.reply('Of course.', { firstTokenDelayMs: 8000 }));
    const { length } = upstream.requests;
    const sending = owner.send(conversationId, 'Where is my refund?');
    await upstream.waitForRequests(length + 1);
    const isWaiting = (statement: string): Promise<unknown> =>
      eventually(async () => {
        await sql.query('SELECT pg_stat_clear_snapshot()');
        const { rowCount } = await sql.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND starts_with(query, $1)`,
          [statement],
        );
        return rowCount === 0 ? undefined : true;
      }, `${statement} to wait`);
    await sql.query('BEGIN');
    await sql.query('SELECT 1 FROM conversation_leases WHERE conversation_id = $1 FOR UPDATE', [conversationId]);
    const ending = team.act(id, 'return');
    await isWaiting('INSERT INTO conversation_leases');
    // The worker has decided that people are to take over, and comes second.
    await isWaiting('WITH lease AS');
    await sql.query('COMMIT');
    expect((await ending).status).toBe(200);
    expect((await sending).status).toBe(200);
    expect((await team.list(`&conversation_id=${conversationId}`)).map(({ status }) => status)).toEqual(['returned']);
    const { rows } = await sql.query(
      'SELECT escalation_reason AS reason FROM turns WHERE conversation_id = $1 ORDER BY id',
      [conversationId],
    );
    expect(rows).toEqual([{ reason: 'keyword' }, { reason: null }]);
  });

  it('the summary of a session is about all of it, also when people had it in between', async () => {
    const session = await aSession(owner, {});
    await say(owner, session, 'My kettle leaks, I want a refund');
    const { id } = (await escalationOf(session.conversation_id))!;
    await team.act(id, 'claim');
    await say(owner, session, 'The order was 4711');
    await team.act(id, 'resolve');
    upstream.reset();
    upstream.next(scenarios.reply('Topics: a kettle.'));
    await owner.request('POST', `/sessions/${session.id}/end`);
    await eventually(
      async () => ((await sessionOf(owner, session)).summary === 'Topics: a kettle.' ? true : undefined),
      'the summary',
    );
    const asked = upstream.requests.find(
      ({ headers }) => headers['x-client-request-id']?.startsWith('summary-') === true,
    );
    expect(asked!.lastUserMessage).toMatch(/My kettle leaks.*order was 4711/s);
  });
});
