import { aConversation, aUser } from '../../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { PlanReader } from '../../../../../test/support/plans';
import { FollowedEscalationsRepository } from './followed-escalations.repository';

const MANY = 50_000;

describe('escalations that somebody follows, in PostgreSQL', () => {
  let db: TestDatabase;
  let followed: FollowedEscalationsRepository;

  beforeAll(async () => {
    db = await testDatabase();
    followed = new FollowedEscalationsRepository(db.database);
  });
  afterAll(() => db.close());

  const anEscalation = async (conversation: {
    workspaceId: number;
    conversationId: number;
    personaId: number;
  }): Promise<number> => {
    const [row] = await db.database.query<{ id: number }>(
      `INSERT INTO escalations (workspace_id, conversation_id, persona_id, reason, since_seq) VALUES ($1, $2, $3, 'manual', 1) RETURNING id`,
      [conversation.workspaceId, conversation.conversationId, conversation.personaId],
    );
    return row!.id;
  };

  it('owners and agents of its workspace see it, members who are no agents and agents who are no members do not', async () => {
    const conversation = await aConversation(db.database);
    const { workspaceId, userId: owner } = conversation;
    const id = await anEscalation(conversation);
    const [agent, member, former, stranger] = await Promise.all([1, 2, 3, 4].map(() => aUser(db.database)));
    for (const { userId } of [agent!, member!]) {
      await db.database.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
        workspaceId,
        userId,
      ]);
    }
    for (const { userId } of [agent!, former!]) {
      await db.database.query('INSERT INTO support_agents (workspace_id, user_id) VALUES ($1, $2)', [
        workspaceId,
        userId,
      ]);
    }
    const users = [owner, agent!.userId, member!.userId, former!.userId, stranger!.userId];
    const found = await Promise.all(users.map((userId) => followed.find(id, userId)));
    expect(found.map((each) => each?.conversationId)).toEqual([
      conversation.conversationId,
      conversation.conversationId,
      undefined,
      undefined,
      undefined,
    ]);
    const places = users.map((userId) => ({ escalationId: id, workspaceId, userId }));
    expect((await followed.lostAmong(places)).sort()).toEqual([2, 3, 4]);
    expect((await followed.strangersAmong(places)).sort()).toEqual([2, 3, 4]);
    const gone = { escalationId: id + 1_000_000, workspaceId, userId: owner };
    const elsewhere = { escalationId: id, workspaceId: stranger!.workspaceId, userId: stranger!.userId };
    expect(await followed.lostAmong([gone, places[0]!, elsewhere])).toEqual([0, 2]);
  });

  it('reads no table as a whole, however many escalations there are', async () => {
    const conversation = await aConversation(db.database);
    await db.database.query(
      `INSERT INTO escalations (workspace_id, conversation_id, persona_id, status, reason, since_seq, ended_at)
       SELECT $1, $2, $3, 'resolved', 'manual', 1, now() FROM generate_series(1, ${MANY})`,
      [conversation.workspaceId, conversation.conversationId, conversation.personaId],
    );
    await db.database.query('ANALYZE escalations');
    const plans = new PlanReader(db.dataSource);
    const reader = new FollowedEscalationsRepository(plans);
    const place = { escalationId: 1, workspaceId: conversation.workspaceId, userId: conversation.userId };
    await reader.find(1, conversation.userId);
    await reader.lostAmong(Array.from({ length: 1000 }, () => place));
    expect(plans.take()).not.toMatch(/Seq Scan on escalations/);
  });
});
