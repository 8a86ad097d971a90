import { Client as Postgres } from 'pg';
import { type Answer, Client, type Problem } from '../support/client';
import { aClient } from '../support/sessions';
import { aPerson, type FakeAccount, FakeGraph, sendHook, whatsAppText } from '../support/fake-graph';
import { whileRemoved } from '../support/meanwhile';
import { type Parley, startParley } from '../support/parley';

interface Person {
  id: number;
  external_id: string;
  phone: string | null;
  name: string | null;
  client_id: number | null;
  conversation_id: number | null;
  is_opted_out: boolean;
  opted_out_at: string | null;
}

describe('people who write through a channel', () => {
  const graph = new FakeGraph();
  let parley: Parley;
  let sql: Postgres;
  let owner: Client;
  let number: FakeAccount;
  let channel: { id: number; workspace_id: number; persona_id: number };
  let count = 0;

  beforeAll(async () => {
    parley = await startParley({ GRAPH_BASE_URL: await graph.start() });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await graph.stop();
  });
  beforeEach(async () => {
    owner = await Client.register(() => parley.url);
    number = graph.addWhatsApp();
    const made = await owner.request<typeof channel>('POST', '/channels', {
      type: 'whatsapp',
      name: 'Ours',
      persona_id: await owner.persona({ visibility: 'workspace' }),
      credentials: {
        phone_number_id: number.id,
        access_token: number.accessToken,
        app_secret: number.appSecret,
        verify_token: number.verifyToken,
      },
    });
    channel = made.body;
  });

  const one = async (statement: string, params: unknown[]): Promise<number> =>
    Number((await sql.query<{ id: string }>(`${statement} RETURNING id`, params)).rows[0]!.id);

  /** As if somebody had written: rows as the inbox makes them. */
  async function somebody(
    phone = `1555010${(count += 1)}`,
  ): Promise<{ id: number; userId: number; conversation: number }> {
    const userId = await one('INSERT INTO users (visits_workspace_id) VALUES ($1)', [channel.workspace_id]);
    const id = await one(
      `INSERT INTO channel_identities (channel_id, user_id, external_id, phone, name) VALUES ($1, $2, $3, $3, 'Dana')`,
      [channel.id, userId, phone],
    );
    const conversation = await one(
      `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, is_encrypted)
       VALUES ($1, $2, $3, 'WhatsApp', false, 'whatsapp', true)`,
      [channel.workspace_id, userId, channel.persona_id],
    );
    await sql.query('INSERT INTO channel_threads (conversation_id, channel_id, identity_id) VALUES ($1, $2, $3)', [
      conversation,
      channel.id,
      id,
    ]);
    for (const status of ['done', 'pending', 'dead']) {
      await sql.query(
        `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, payload, status, not_before, finished_at)
         VALUES ($1, $2, $3, 'message', $5, $4::varchar, now() + interval '1 day', CASE WHEN $4::varchar <> 'pending' THEN now() END)`,
        [channel.id, `${phone}-${status}`, status === 'done' ? '' : phone, status, status === 'done' ? null : 'x'],
      );
    }
    await sql.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, content, next_attempt_at) VALUES ($1, $2, $3, 'assistant', 'text', 'x', now() + interval '1 day')`,
      [channel.id, id, conversation],
    );
    return { id, userId, conversation };
  }
  const path = (id?: number): string => `/channels/${channel.id}/identities${id === undefined ? '' : `/${id}`}`;
  const read = async (id: number): Promise<Answer<Person & Problem>> => owner.request('GET', path(id));
  const change = async (id: number, fields: unknown): Promise<Answer<Person & Problem>> =>
    owner.request('PATCH', path(id), fields);

  it('owners see them, newest first, page by page', async () => {
    const people = [await somebody(), await somebody(), await somebody()];
    const first = await owner.request<{ identities: Person[]; has_more: boolean; next_cursor: string }>(
      'GET',
      `${path()}?limit=2`,
    );
    expect(first.body.identities.map(({ id }) => id)).toEqual([people[2]!.id, people[1]!.id]);
    expect(first.body.has_more).toBe(true);
    const second = await owner.request<{ identities: Person[]; has_more: boolean }>(
      'GET',
      `${path()}?limit=2&cursor=${first.body.next_cursor}`,
    );
    expect(second.body).toMatchObject({
      identities: [{ id: people[0]!.id, name: 'Dana', conversation_id: people[0]!.conversation, is_opted_out: false }],
      has_more: false,
    });
  });

  it('an owner says for somebody that they want no messages, and which client they are', async () => {
    const { id } = await somebody();
    const out = await change(id, { is_opted_out: true });
    expect(out).toMatchObject({ status: 200, body: { is_opted_out: true } });
    // Said again it stays as it was.
    expect((await change(id, { is_opted_out: true })).body.opted_out_at).toBe(out.body.opted_out_at);
    expect((await change(id, { is_opted_out: false })).body).toMatchObject({ is_opted_out: false, opted_out_at: null });
    const client = await aClient(owner, { name: 'Dana Moss' });
    expect((await change(id, { client_id: client.id })).body.client_id).toBe(client.id);
    const foreign = await aClient(await Client.register(parley.url), { name: 'Somebody else' });
    expect(await change(id, { client_id: foreign.id })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'client_id' }] },
    });
    expect((await change(id, { client_id: null })).body.client_id).toBeNull();
  });

  it('nobody becomes a client who is removed at that moment', async () => {
    const { id } = await somebody();
    const client = await aClient(owner, { name: 'Dana Moss' });
    const removal = `DELETE FROM clients WHERE id = ${client.id}`;
    expect(await whileRemoved(sql, removal, () => change(id, { client_id: client.id }))).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'client_id' }] },
    });
    expect((await read(id)).body.client_id).toBeNull();
  });

  it('somebody is erased whose conversation is removed at that moment', async () => {
    const { id, conversation } = await somebody();
    const removal = `DELETE FROM conversations WHERE id = ${conversation}`;
    expect((await whileRemoved(sql, removal, () => owner.request('DELETE', path(id)))).status).toBe(204);
    expect((await read(id)).status).toBe(404);
  });

  it('somebody is erased with a conversation that begins at that moment', async () => {
    const { id, userId, conversation } = await somebody();
    await sql.query('DELETE FROM conversations WHERE id = $1', [conversation]);
    const begin = `SELECT 1 FROM channel_identities WHERE id = ${id} FOR UPDATE;
      WITH c AS (
        INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, is_encrypted)
        VALUES (${channel.workspace_id}, ${userId}, ${channel.persona_id}, 'WhatsApp', false, 'whatsapp', true) RETURNING id
      ) INSERT INTO channel_threads (conversation_id, channel_id, identity_id) SELECT id, ${channel.id}, ${id} FROM c`;
    expect((await whileRemoved(sql, begin, () => owner.request('DELETE', path(id)))).status).toBe(204);
    const { rows } = await sql.query('SELECT 1 FROM conversations WHERE user_id = $1', [userId]);
    expect(rows).toEqual([]);
  });

  it('a message for a channel that is removed at that moment is acknowledged', async () => {
    const send = () =>
      sendHook(`${parley.url}/webhooks/whatsapp`, whatsAppText(number, aPerson(), 'Hi'), { secret: number.appSecret });
    expect((await whileRemoved(sql, `DELETE FROM channels WHERE id = ${channel.id}`, send)).status).toBe(200);
  });

  it('erasing somebody leaves nothing of them, and nothing of others is touched', async () => {
    const [dana, other] = [await somebody('15550177'), await somebody('15550188')];
    expect((await owner.request('DELETE', path(dana.id))).status).toBe(204);
    expect(await read(dana.id)).toMatchObject({ status: 404, body: { code: 'CHANNEL.IDENTITY_NOT_FOUND' } });
    expect((await owner.request('DELETE', path(dana.id))).status).toBe(404);
    const { rows } = await sql.query<Record<string, number>>(
      `SELECT (SELECT count(*)::integer FROM users WHERE id = $1) AS users, (SELECT count(*)::integer FROM conversations WHERE user_id = $1) AS conversations,
         (SELECT count(*)::integer FROM channel_outbox WHERE identity_id = $2) AS outbox,
         (SELECT count(*)::integer FROM channel_inbox WHERE sender_key = '15550177') AS inbox`,
      [dana.userId, dana.id],
    );
    expect(rows[0]).toEqual({ users: 0, conversations: 0, outbox: 0, inbox: 0 });
    // Their events stay known, so that repeats of them are.
    const kept = await sql.query(
      `SELECT external_id, payload, status FROM channel_inbox WHERE external_id LIKE '15550177-%' ORDER BY external_id`,
    );
    expect(kept.rows).toEqual([
      { external_id: '15550177-dead', payload: null, status: 'ignored' },
      { external_id: '15550177-done', payload: null, status: 'done' },
      { external_id: '15550177-pending', payload: null, status: 'ignored' },
    ]);
    expect((await read(other.id)).body).toMatchObject({ phone: '15550188', conversation_id: other.conversation });
    const theirs = await sql.query(`SELECT 1 FROM channel_inbox WHERE sender_key = '15550188' AND payload = 'x'`);
    expect(theirs.rows).toHaveLength(2);
  });

  it('strangers see nobody', async () => {
    const { id } = await somebody();
    const stranger = await Client.register(parley.url);
    for (const [method, where] of [
      ['GET', path()],
      ['GET', path(id)],
      ['PATCH', path(id)],
      ['DELETE', path(id)],
    ] as const) {
      const answer = await stranger.request<Problem>(method, where, method === 'PATCH' ? {} : undefined);
      expect(answer).toMatchObject({ status: 404, body: { code: 'CHANNEL.NOT_FOUND' } });
    }
    // And through a channel of one's own nobody of another channel's.
    const foreign = await somebody();
    const mine = channel;
    const ids = foreign.id;
    owner = await Client.register(() => parley.url);
    const number = graph.addWhatsApp();
    const made = await owner.request<typeof channel>('POST', '/channels', {
      type: 'whatsapp',
      name: 'Theirs',
      persona_id: await owner.persona({ visibility: 'workspace' }),
      credentials: {
        phone_number_id: number.id,
        access_token: number.accessToken,
        app_secret: number.appSecret,
        verify_token: number.verifyToken,
      },
    });
    channel = made.body;
    expect(channel.id).not.toBe(mine.id);
    expect(await read(ids)).toMatchObject({ status: 404, body: { code: 'CHANNEL.IDENTITY_NOT_FOUND' } });
    expect((await owner.request('DELETE', path(ids))).status).toBe(404);
  });

  it('removing a channel removes who wrote and what waits; conversations stay', async () => {
    const dana = await somebody();
    expect((await owner.request('DELETE', `/channels/${channel.id}`)).status).toBe(204);
    const { rows } = await sql.query<Record<string, number>>(
      `SELECT (SELECT count(*)::integer FROM channel_identities WHERE channel_id = $1) AS people, (SELECT count(*)::integer FROM channel_inbox WHERE channel_id = $1) AS inbox,
         (SELECT count(*)::integer FROM channel_outbox WHERE channel_id = $1) AS outbox, (SELECT count(*)::integer FROM conversations WHERE id = $2) AS conversations`,
      [channel.id, dana.conversation],
    );
    expect(rows[0]).toEqual({ people: 0, inbox: 0, outbox: 0, conversations: 1 });
  });
});
