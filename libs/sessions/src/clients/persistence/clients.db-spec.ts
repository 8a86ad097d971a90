import { Database } from '@app/platform';
import { aSessionRow } from '../../../../../test/factories/sessions';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { PlanReader } from '../../../../../test/support/plans';
import { ClientsRepository } from './clients.repository';

describe('clients in PostgreSQL', () => {
  let db: TestDatabase;
  let clients: ClientsRepository;

  beforeAll(async () => {
    db = await testDatabase();
    clients = new ClientsRepository(db.database);
  });
  afterAll(() => db.close());

  it('one with sessions is not deleted: a conversation without its session would stay behind', async () => {
    const { clientId, conversationId } = await aSessionRow(db.database);
    expect(await clients.deleteWithoutSessions(clientId)).toBe(false);
    expect(await clients.conversationsOf(clientId, 10)).toMatchObject([{ conversationId }]);
    await db.database.query('DELETE FROM conversations WHERE id = $1', [conversationId]);
    expect(await clients.deleteWithoutSessions(clientId)).toBe(true);
  });

  it('a session that begins while its client is erased is seen, or refused', async () => {
    const { clientId, userId, workspaceId, personaId, conversationId } = await aSessionRow(db.database);
    await db.database.query('DELETE FROM sessions WHERE client_id = $1', [clientId]);
    const begin = (on: Database): Promise<unknown> =>
      on.query(
        `INSERT INTO sessions (kind, public_id, workspace_id, user_id, persona_id, client_id, conversation_id, timeout_ms, check_at)
         VALUES ('coaching', 'cs_race', $1, $2, $3, $4, $5, 1000, now())`,
        [workspaceId, userId, personaId, clientId, conversationId],
      );
    let erasing: Promise<boolean> | undefined;
    await db.database.transaction(async () => {
      await begin(db.database);
      // It waits for this transaction, which it must not overlook.
      erasing = new ClientsRepository(new Database(db.dataSource)).deleteWithoutSessions(clientId);
    });
    expect(await erasing).toBe(false);
    await db.database.query('DELETE FROM sessions WHERE client_id = $1', [clientId]);
    expect(await clients.deleteWithoutSessions(clientId)).toBe(true);
    await expect(begin(db.database)).rejects.toThrow(/sessions_client_fk/);
  });

  it('nobody sees or changes clients of workspaces that they are no member of', async () => {
    const [mine, theirs] = [await aSessionRow(db.database), await aSessionRow(db.database)];
    expect(await clients.findVisible(mine.userId, theirs.clientId)).toBeUndefined();
    expect(await clients.update(mine.userId, theirs.clientId, { name: 'x' })).toBeUndefined();
    const fields = { name: 'x', email: null, phone: null, externalId: null, metadata: {} };
    expect(await clients.insert(mine.userId, theirs.workspaceId, fields)).toBeUndefined();
    expect((await clients.list(mine.userId, { limit: 10 })).map(({ id }) => id)).toEqual([mine.clientId]);
    expect(await clients.list(mine.userId, { limit: 10, workspaceId: theirs.workspaceId })).toEqual([]);
  });

  it('among very many, a page, an address and an external id are found by looks into their indexes', async () => {
    const { workspaceId } = await aSessionRow(db.database);
    await db.database.query(
      `INSERT INTO clients (workspace_id, name, email, external_id) SELECT $1, 'n' || n, n || '@example.com', 'e' || n FROM generate_series(1, 20000) n`,
      [workspaceId],
    );
    await db.database.query('ANALYZE clients');
    const reader = new PlanReader(db.dataSource);
    const explained = new ClientsRepository(reader);
    await explained.list(1, { limit: 2, email: '7@example.com' });
    const byAddress = reader.take();
    expect(byAddress).toContain('clients_email_idx');
    expect(byAddress).not.toMatch(/clients_pkey|clients_workspace_idx|Seq Scan on clients/);
    await explained.list(1, { limit: 50, externalId: 'e7' });
    expect(reader.take()).toContain('clients_external_key');
    await explained.list(1, { limit: 50, contains: 'x', beforeId: 15_000, sinceId: 5_000 });
    expect(reader.take()).toMatch(/Index Cond: .*id < \$3.*id >= \$6/);
    await explained.horizon(1, {}, 10_000);
    expect(reader.take()).toMatch(/Index Cond: .*id < \$3/);
  });
});
