import { Client } from '../support/client';
import { encryptionKeys } from '../support/encryption';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';
import { SupportWorld } from '../support/support-world';
import { Agent, type EscalationView } from '../support/team';
import { tracesOf } from '../support/traces';
import type { Visitor } from '../support/visitor';

/** Must not be found anywhere. */
const SECRET = 'quinces-and-medlars';

describe('what is written about conversations in the database', () => {
  let world: SupportWorld;
  let dana: Agent;
  let visitor: Visitor;
  let id: number;

  beforeAll(async () => {
    world = await SupportWorld.start({
      ENCRYPTION_KEYS: encryptionKeys('k1'),
      ALLOW_PRIVATE_WEBHOOKS: 'true',
    });
    ({ dana } = world);
    await dana.rules({ csat: true });
  });
  afterAll(() => world.stop());

  const database = {
    query: async <T>(text: string, params: readonly unknown[] = []): Promise<T[]> =>
      (await world.sql.query<T & object>(text, [...params])).rows,
  };
  const stopFor = async (...keys: string[]): Promise<void> => {
    await Promise.all([world.parley.api.kill('SIGTERM'), world.parley.worker.kill('SIGTERM')]);
    world.parley.settings.ENCRYPTION_KEYS = encryptionKeys(...keys);
  };
  const restartWith = async (...keys: string[]): Promise<void> => {
    await stopFor(...keys);
    await world.parley.startWorker();
    await world.parley.startApi();
  };
  /** Names of keys in what stands there encrypted, by column. */
  const keysInUse = async (): Promise<Record<string, string[]>> => {
    const { rows } = await world.sql.query<{ place: string; keys: string[] }>(`
      SELECT place, array_agg(DISTINCT split_part(value, ':', 2) ORDER BY split_part(value, ':', 2)) AS keys FROM (
        SELECT 'summary' AS place, summary AS value FROM escalations UNION ALL SELECT 'suggested_reply', suggested_reply FROM escalations
        UNION ALL SELECT 'csat_comment', csat_comment FROM escalations UNION ALL SELECT 'evidence', evidence FROM escalation_triggers
        UNION ALL SELECT 'note', note FROM escalation_events UNION ALL SELECT 'secret', secret FROM webhook_endpoints
      ) stored WHERE value LIKE 'enc:%' GROUP BY 1 ORDER BY 1`);
    return Object.fromEntries(rows.map(({ place, keys }) => [place, keys]));
  };
  const everyKey = (...keys: string[]): Record<string, string[]> =>
    Object.fromEntries(
      ['csat_comment', 'evidence', 'note', 'secret', 'suggested_reply', 'summary'].map((place) => [place, keys]),
    );
  const drafted = (of: number): Promise<EscalationView> =>
    eventually(async () => {
      const now = await dana.get(of);
      return now.summary === null ? undefined : now;
    }, 'the draft');
  /** All that is readable of one escalation. */
  const textsOf = ({ summary, suggested_reply, csat_comment, triggers, history }: EscalationView): unknown => ({
    summary,
    suggested_reply,
    csat_comment,
    evidence: triggers.map(({ evidence }) => evidence),
    notes: history.map(({ note }) => note).filter((note) => note !== null),
  });

  it('leaves no trace in the clear: evidence, drafts, notes, comments', async () => {
    world.upstream.next(
      scenarios.reply(`Sorry about the ${SECRET}.`),
      scenarios.reply(`Wants money for ${SECRET}.\n===REPLY===\nNo more ${SECRET}.`),
    );
    visitor = await world.visitor();
    expect((await visitor.send(`I want a refund for my ${SECRET}`)).body.escalated).toBe(true);
    id = (await dana.list('&limit=1'))[0]!.id;
    await drafted(id);
    await dana.act(id, 'claim');
    await dana.act(id, 'replies', { content: `Which ${SECRET}?` });
    await dana.act(id, 'notes', { content: `Asked about ${SECRET}.` });
    await dana.act(id, 'transfer', { note: `Knows nothing of ${SECRET}.` });
    await dana.act(id, 'claim');
    await dana.act(id, 'resolve', { note: `Sent new ${SECRET}.` });
    await visitor.request('PUT', `/session/${visitor.sessionId}/rating`, { rating: 2, comment: `Old ${SECRET}!` });
    const made = await dana.client.request<{ secret: string }>('POST', '/webhooks', {
      workspace_id: dana.workspaceId,
      url: 'http://127.0.0.1:9/',
      events: ['escalation.created'],
    });
    expect(textsOf(await dana.get(id))).toEqual({
      summary: `Wants money for ${SECRET}.`,
      suggested_reply: `No more ${SECRET}.`,
      csat_comment: `Old ${SECRET}!`,
      evidence: [expect.stringContaining(SECRET)],
      notes: [`Asked about ${SECRET}.`, `Knows nothing of ${SECRET}.`, `Sent new ${SECRET}.`],
    });
    expect(await tracesOf(database, SECRET)).toEqual([]);
    expect(await tracesOf(database, made.body.secret)).toEqual([]);
    expect(world.parley.log()).not.toContain(SECRET);
    expect(await keysInUse()).toEqual(everyKey('k1'));
  });

  it('gets the new key with everything else, also where two keys meet in a row, and reads the same with that alone', async () => {
    const before = textsOf(await dana.get(id));
    // A worker encrypts anew when it is time, also now.
    await stopFor('k2', 'k1');
    await world.parley.startApi();
    // The row's draft has the old key, and its comment the new one.
    await visitor.request('PUT', `/session/${visitor.sessionId}/rating`, { rating: 3, comment: `Old ${SECRET}!` });
    expect(await keysInUse()).toEqual({ ...everyKey('k1'), csat_comment: ['k2'] });
    await world.parley.startWorker();
    await runJob(world.parley, 'encryption.rotate');
    await eventually(async () => {
      const health = (await (await fetch(`${world.parley.url}/health`)).json()) as {
        encryption: { old_keys: { values_left: number }[] };
      };
      return health.encryption.old_keys[0]?.values_left === 0 ? true : undefined;
    }, 'nothing to be left with the old key');
    expect(await keysInUse()).toEqual(everyKey('k2'));
    await restartWith('k2');
    expect(textsOf(await dana.get(id))).toEqual(before);
    expect(world.parley.log()).not.toContain(SECRET);
  }, 120_000);

  it('a message that its writer deletes is gone from evidence and drafts, too, also from one that is being written', async () => {
    const user = await Client.register(() => world.parley.url);
    const own = new Agent(user, (await user.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id);
    await own.rules({ keywords: { words: ['refund', 'zebra'] } });
    const conversation = await user.conversation();
    world.upstream.next(scenarios.reply('Sorry.'), scenarios.reply('Wants walnuts.\n===REPLY===\nNo walnuts.'));
    const said = await user.send(conversation, 'A refund for walnuts, please');
    const asked = await own.list('&limit=1').then(async (found) =>
      found.length > 0
        ? found[0]!.id
        : // The worker did not know the rules yet.
          (await user.request<{ id: number }>('POST', '/escalations', { conversation_id: conversation, reason: 'x' }))
            .body.id,
    );
    await eventually(async () => ((await own.get(asked)).summary === null ? undefined : true), 'the draft');
    await world.sql.query(
      `INSERT INTO escalation_triggers (escalation_id, kind, message_seq, evidence) VALUES ($1, 'keyword', 1, 'refund: A refund for walnuts'), ($1, 'keyword', 3, 'zebra')`,
      [asked],
    );
    // A second draft hangs while the message goes.
    const before = world.upstream.requests.length;
    world.upstream.next(scenarios.reply('Wants walnuts.\n===REPLY===\nNo walnuts.', { firstTokenDelayMs: 1500 }));
    expect((await user.request('POST', `/escalations/${asked}/draft`)).status).toBe(202);
    await world.upstream.waitForRequests(before + 1);
    expect((await user.request('DELETE', `/chat/messages/${said.body.user_message.id}`)).status).toBe(204);
    const after = await own.get(asked);
    expect(after).toMatchObject({ summary: null, suggested_reply: null });
    expect(after.triggers.filter(({ message_seq: seq }) => seq === 1).map(({ evidence }) => evidence)).not.toContain(
      expect.stringContaining('walnuts'),
    );
    expect(after.triggers.at(-1)).toMatchObject({ message_seq: 3, evidence: 'zebra' });
    await world.upstream.waitUntilIdle();
    await eventually(async () => {
      const { rows } = await world.sql.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM model_calls WHERE purpose = 'draft' AND status = 'started'`,
      );
      return rows[0]!.open === 0 ? true : undefined;
    }, 'the draft to be paid for');
    world.upstream.next(scenarios.reply('Says nothing.\n===REPLY===\nHello.'));
    await user.send(conversation, 'Hello again');
    expect(await tracesOf(database, 'wants walnuts')).toEqual([]);
    expect(await tracesOf(database, 'for walnuts')).toEqual([]);
  });

  it('goes with the conversation, and with the visitor', async () => {
    const { conversation_id: conversation } = await dana.get(id);
    const count = async (): Promise<number[]> => {
      const { rows } = await world.sql.query<{ counts: number[] }>(
        `SELECT ARRAY[(SELECT count(*) FROM escalations WHERE id = $1), (SELECT count(*) FROM escalation_triggers WHERE escalation_id = $1),
           (SELECT count(*) FROM escalation_events WHERE escalation_id = $1)]::int[] AS counts`,
        [id],
      );
      return rows[0]!.counts;
    };
    expect((await count()).every((rows) => rows > 0)).toBe(true);
    expect((await visitor.request('DELETE', `/session/${visitor.sessionId}`)).status).toBe(204);
    expect(await count()).toEqual([0, 0, 0]);
    const { rows } = await world.sql.query('SELECT 1 FROM messages WHERE conversation_id = $1', [conversation]);
    expect(rows).toEqual([]);
    expect((await dana.act(id, 'claim')).status).toBe(404);
  });
});
