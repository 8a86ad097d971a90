import { FieldReader, Metrics } from '@app/platform';
import { aPersona, aUser } from '../../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { cipherOf, silentLogger } from '../../../../../test/support/encryption';
import { PlanReader } from '../../../../../test/support/plans';
import { AgentsRepository } from './agents.repository';
import { EscalationChangesRepository } from './escalation-changes.repository';
import { EscalationsRepository, type InboxFilter } from './escalations.repository';
import { SealedEscalations } from './sealed-escalations';
import { WebhooksRepository } from './webhooks.repository';

const MANY = 30_000;

interface Row {
  id: number;
  status: string;
  assigned_to: number | null;
  skill: string | null;
  tags: string[];
  reason: string;
  priority: number;
  overdue_at: Date | null;
  conversation_id: number;
}

describe('the inbox in a big table', () => {
  let db: TestDatabase;
  let workspaceId: number;
  let otherWorkspaceId: number;
  let agentId: number;
  let rows: Row[];
  let sealed: SealedEscalations;

  beforeAll(async () => {
    db = await testDatabase();
    const cipher = cipherOf('test');
    sealed = new SealedEscalations(cipher, new FieldReader(cipher, new Metrics(), silentLogger()));
    const [owner, other] = [await aUser(db.database), await aUser(db.database)];
    [workspaceId, otherWorkspaceId, agentId] = [owner.workspaceId, other.workspaceId, owner.userId];
    const personaId = await aPersona(db.database, owner);
    // The newest are all another workspace's: going back through the primary key would read all of them.
    await db.database.query(
      `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated)
       SELECT CASE WHEN n <= ${MANY / 2} THEN $1::bigint ELSE $2::bigint END, $3, $4, 'Support', false FROM generate_series(1, ${MANY}) n`,
      [workspaceId, otherWorkspaceId, owner.userId, personaId],
    );
    await db.database.query(
      `INSERT INTO escalations (workspace_id, conversation_id, persona_id, status, reason, skill, priority, tags, assigned_to, since_seq, ended_at, due_at, overdue_at)
       SELECT workspace_id, id, persona_id, status, CASE WHEN n % 10 = 0 THEN 'manual' ELSE 'keyword' END, CASE WHEN n % 100 = 0 THEN 'rare' END, n % 4,
         CASE WHEN n % 50 = 0 THEN '{vip,new}'::text[] ELSE '{}' END, CASE WHEN n % 30 = 0 THEN $1::bigint END, 1,
         CASE WHEN status = 'resolved' THEN now() END, now() + interval '1 day', CASE WHEN n % 70 = 0 THEN now() END
       FROM (SELECT c.*, row_number() OVER (ORDER BY id) AS n, CASE WHEN id % 20 = 0 THEN 'open' ELSE 'resolved' END AS status FROM conversations c) made ORDER BY n`,
      [agentId],
    );
    await db.database.query(
      `INSERT INTO support_agents (workspace_id, user_id, is_available, skills) VALUES ($1, $2, true, '{}')`,
      [workspaceId, agentId],
    );
    await db.database.query(
      `INSERT INTO webhook_endpoints (workspace_id, url, events, secret) VALUES ($1, 'https://example.com', '{escalation.created}', 'x')`,
      [workspaceId],
    );
    await db.database.query(
      `INSERT INTO webhook_deliveries (endpoint_id, event_type, payload, status, created_at)
       SELECT w.id, 'escalation.created', '{}', 'delivered', now() - n * interval '1 minute' FROM webhook_endpoints w, generate_series(1, ${MANY}) n`,
    );
    await db.database.query('VACUUM ANALYZE escalations, conversations, webhook_deliveries');
    rows = await db.database.query<Row>('SELECT * FROM escalations WHERE workspace_id = $1 ORDER BY id', [workspaceId]);
  });
  afterAll(async () => db.close());

  const inbox = (database = db.database): EscalationsRepository => new EscalationsRepository(database, sealed);
  const FILTERS: [string, Omit<InboxFilter, 'workspaceId' | 'limit'>, (row: Row) => boolean][] = [
    ['everything', {}, () => true],
    ['what is open', { status: 'open' }, ({ status }) => status === 'open'],
    ['what nobody has', { assignedTo: 0 }, ({ assigned_to: to }) => to === null],
    ['what has a rare skill', { skill: 'rare' }, ({ skill }) => skill === 'rare'],
    ['what has a tag', { tag: 'vip' }, ({ tags }) => tags.includes('vip')],
    ['what was asked for by hand', { reason: 'manual' }, ({ reason }) => reason === 'manual'],
    ['what is overdue', { isOverdue: true }, (row) => row.overdue_at !== null],
    [
      'what is open and not overdue',
      { isOverdue: false, status: 'open' },
      (row) => row.overdue_at === null && row.status === 'open',
    ],
    ['nothing', { tag: 'none' }, () => false],
  ];

  it.each(FILTERS)('lists %s of one workspace, the newest first, page by page', async (_, filter, matches) => {
    const expected = rows
      .filter(matches)
      .map(({ id }) => id)
      .reverse();
    const first = await inbox().newest({ workspaceId, limit: 7, ...filter }, undefined);
    expect(first.map(({ id }) => id)).toEqual(expected.slice(0, 8));
    const next = await inbox().newest({ workspaceId, limit: 7, ...filter }, expected[6]);
    expect(next.map(({ id }) => id)).toEqual(expected.slice(7, 15));
  });

  it.each(FILTERS)('gives %s that waits, the most urgent first, page by page', async (_, filter, matches) => {
    const expected = rows
      .filter((row) => row.status === 'open' && matches(row))
      .sort((a, b) => b.priority - a.priority || a.id - b.id);
    const ids = expected.map(({ id }) => id);
    const limit = 300;
    expect((await inbox().queue({ workspaceId, limit, ...filter }, undefined)).map(({ id }) => id)).toEqual(
      ids.slice(0, limit + 1),
    );
    const last = expected[limit - 1];
    if (last === undefined) return;
    expect((await inbox().queue({ workspaceId, limit, ...filter }, last)).map(({ id }) => id)).toEqual(
      ids.slice(limit, 2 * limit + 1),
    );
  });

  it('lists what somebody has, and what was with a conversation', async () => {
    const mine = rows
      .filter(({ assigned_to: to }) => to === agentId)
      .map(({ id }) => id)
      .reverse();
    expect(
      (await inbox().newest({ workspaceId, limit: 5, assignedTo: agentId }, undefined)).map(({ id }) => id),
    ).toEqual(mine.slice(0, 6));
    const { id, conversation_id: conversationId } = rows[4000]!;
    expect((await inbox().newest({ workspaceId, limit: 5, conversationId }, undefined)).map((each) => each.id)).toEqual(
      [id],
    );
  });

  it('reads through indexes that know the order, not through all there is nor through other workspaces’', async () => {
    const plans = new PlanReader(db.dataSource);
    const repositories = {
      inbox: inbox(plans),
      agents: new AgentsRepository(plans),
      changes: new EscalationChangesRepository(plans, sealed),
      webhooks: new WebhooksRepository(plans, sealed),
    };
    const page = { workspaceId, limit: 50 };
    const id = rows[0]!.id;
    const expected: [string, () => Promise<unknown>, number?][] = [
      ['escalations_recent_idx', () => repositories.inbox.newest(page, undefined)],
      ['escalations_recent_idx', () => repositories.inbox.newest(page, 20_000)],
      ['escalations_status_idx', () => repositories.inbox.newest({ ...page, status: 'open' }, undefined)],
      ['escalations_skill_idx', () => repositories.inbox.newest({ ...page, skill: 'rare' }, undefined)],
      ['escalations_tags_idx', () => repositories.inbox.newest({ ...page, tag: 'none' }, undefined), 1],
      ['escalations_overdue_idx', () => repositories.inbox.newest({ ...page, isOverdue: true }, undefined)],
      ['escalations_queue_idx', () => repositories.inbox.queue(page, undefined)],
      ['escalations_queue_idx', () => repositories.inbox.queue(page, { priority: 1, id })],
      ['escalations_conversation_idx', () => repositories.inbox.findRateable(1)],
      ['escalations_due_idx', () => repositories.changes.markOverdue(100)],
      ['webhook_deliveries_settled_idx', () => repositories.webhooks.removeOlderThan(30, 1000)],
    ];
    for (const [index, read, plansWithIt = 2] of expected) {
      await read();
      const text = plans.take();
      // In both plans, the one for these values and the one for any; which tags are rare the latter cannot know.
      expect([text, text.split(index).length - 1]).toEqual([text, plansWithIt]);
    }
    await repositories.agents.workspacesWithWaiting(100);
    expect(plans.take()).toContain('escalations_waiting_idx');
  });
});
