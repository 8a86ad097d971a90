import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Problem } from '../support/client';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';
import { SocketUser } from '../support/socket-user';
import { SupportWorld } from '../support/support-world';
import type { Agent } from '../support/team';

interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
}

describe('the inbox looks after what waits', () => {
  let world: SupportWorld;
  let dana: Agent;
  let server: Server;
  let hookUrl: string;
  let answerWith = 200;
  const heard: Heard[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        heard.push({ headers: request.headers, body });
        response.writeHead(answerWith).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    hookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    world = await SupportWorld.start({
      OPENAI_MAX_RETRIES: '0',
      ALLOW_PRIVATE_WEBHOOKS: 'true',
    });
    ({ dana } = world);
  });
  afterAll(async () => {
    await world.stop();
    server.close();
  });
  beforeEach(() => {
    world.upstream.reset();
    heard.splice(0);
    answerWith = 200;
  });

  it('webhooks are signed as Standard Webhooks say, tried again, and say nothing of what was said', async () => {
    const made = await dana.client.request<{ id: number; secret: string }>('POST', '/webhooks', {
      workspace_id: dana.workspaceId,
      url: hookUrl,
      events: ['escalation.created', 'escalation.claimed', 'escalation.resolved'],
    });
    expect(made.status).toBe(201);
    answerWith = 500;
    const { id } = await world.escalated();
    await eventually(() => (heard.length > 0 ? true : undefined), 'the first attempt');
    answerWith = 204;
    await eventually(async () => {
      const { rowCount } = await world.sql.query(`SELECT 1 FROM webhook_deliveries WHERE last_status = 500`);
      return rowCount === 1 ? true : undefined;
    }, 'the failure to be written down');
    await world.sql.query('UPDATE webhook_deliveries SET next_attempt_at = now()');
    await runJob(world.parley, 'webhooks.deliver');
    await eventually(() => (heard.length > 1 ? true : undefined), 'the second attempt');
    const [one, two] = heard;
    expect(two!.headers['webhook-id']).toBe(one!.headers['webhook-id']);
    const signed = `${String(two!.headers['webhook-id'])}.${String(two!.headers['webhook-timestamp'])}.${two!.body}`;
    const key = Buffer.from(made.body.secret.slice('whsec_'.length), 'base64');
    expect(two!.headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(JSON.parse(two!.body)).toMatchObject({
      type: 'escalation.created',
      data: { escalation_id: id, reason: 'keyword' },
    });
    expect(two!.body).not.toContain('refund');
    const { rows } = await world.sql.query<{ secret: string }>('SELECT secret FROM webhook_endpoints');
    expect(rows[0]!.secret).toMatch(/^enc:/);
    await dana.act(id, 'claim');
    await dana.act(id, 'resolve');
    await eventually(() => (heard.length > 3 ? true : undefined), 'what happened later');
    expect(heard.slice(2).map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'escalation.claimed',
      'escalation.resolved',
    ]);
    await dana.client.request('DELETE', `/webhooks/${made.body.id}`);
  });

  it('what waits goes to whoever is there and has room; what nobody takes in time comes first and goes back', async () => {
    const { id } = await world.escalated();
    expect((await dana.get(id)).assigned_to).toBeNull();
    await dana.client.request('PUT', '/escalations/agents/me', {
      workspace_id: dana.workspaceId,
      is_available: true,
      capacity: 1,
    });
    expect(await dana.get(id)).toMatchObject({ assigned_to: dana.client.userId, status: 'open', owner: 'ai' });
    const { id: second } = await world.escalated();
    expect((await dana.get(second)).assigned_to).toBeNull();
    await dana.client.request('PUT', '/escalations/agents/me', { workspace_id: dana.workspaceId, is_available: false });
    await world.sql.query(`UPDATE escalations SET due_at = now() - interval '1 second' WHERE id = $1`, [id]);
    await runJob(world.parley, 'escalations.upkeep');
    const late = await eventually(async () => {
      const now = await dana.get(id);
      return now.overdue_at === null ? undefined : now;
    }, 'it to be overdue');
    expect(late).toMatchObject({ priority: 1, assigned_to: null });
    // Whoever goes away gives back what they have not taken.
    expect(late.history.map(({ kind, target_id: target }) => [kind, target])).toEqual([
      ['created', null],
      ['assigned', dana.client.userId],
      ['assigned', null],
      ['overdue', null],
    ]);
    expect((await dana.list('&order=queue')).map((each) => each.id)).toEqual([id, second]);
    expect((await dana.list('&overdue=true')).map((each) => each.id)).toEqual([id]);
    for (const each of [id, second]) await dana.act(each, 'resolve');
  });

  it('a draft is there for whoever takes it, accounted for and encrypted, and people at sockets hear of it', async () => {
    const socket = await SocketUser.connect(world.parley.url, { token: dana.client.token });
    await socket.ask('set-presence', { workspaceId: dana.workspaceId, isOnline: true });
    world.upstream.next(scenarios.reply('Sorry.'), scenarios.reply('Wants money back.\n===REPLY===\nWe are on it.'));
    const { id } = await world.escalated();
    const drafted = await eventually(async () => {
      const now = await dana.get(id);
      return now.summary === null ? undefined : now;
    }, 'the draft');
    expect(drafted).toMatchObject({ summary: 'Wants money back.', suggested_reply: 'We are on it.' });
    const { rows } = await world.sql.query<{ summary: string; calls: number }>(
      `SELECT summary, (SELECT count(*) FROM model_calls WHERE purpose = 'draft' AND status = 'succeeded' AND total_tokens > 0)::int AS calls
       FROM escalations WHERE id = $1`,
      [id],
    );
    expect(rows[0]!.summary).toMatch(/^enc:/);
    expect(rows[0]!.calls).toBeGreaterThan(0);
    await socket.until(() =>
      socket.of<{ escalationId: number }>('escalation-changed').some(({ escalationId }) => escalationId === id),
    );
    socket.close();
    await dana.act(id, 'resolve');
  });

  it('whoever was helped by a person is asked how it was, where the rules say so', async () => {
    const { visitor, id } = await world.escalated();
    expect(
      (await visitor.request<Problem>('PUT', `/session/${visitor.sessionId}/rating`, { rating: 5 })).body.code,
    ).toBe('ESCALATION.NOT_ASKED');
    await dana.act(id, 'claim');
    await dana.act(id, 'resolve');
    await world.sql.query('UPDATE escalations SET csat_asked_at = now() WHERE id = $1', [id]);
    const rated = await visitor.request('PUT', `/session/${visitor.sessionId}/rating`, {
      rating: 4,
      comment: 'Quick.',
    });
    expect(rated).toMatchObject({ status: 200, body: { asked: true, rating: 4, comment: 'Quick.' } });
    expect((await dana.get(id)).csat_rating).toBe(4);
  });
});
