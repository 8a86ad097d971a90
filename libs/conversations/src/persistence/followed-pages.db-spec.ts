import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { conversationRepositories } from '../../../../test/support/encryption';
import type { FollowedRepository, FollowedState } from './followed.repository';

describe('what followers of conversations read', () => {
  let db: TestDatabase;
  let followed: FollowedRepository;

  beforeAll(async () => {
    db = await testDatabase();
    ({ followed } = conversationRepositories(db.database));
  });
  afterAll(async () => db.close());

  /** A conversation whose messages are so long. */
  const talk = async (...lengths: number[]): Promise<number> => {
    const { conversationId } = await aConversation(db.database);
    await db.database.query(
      `WITH talk AS (UPDATE conversations SET last_seq = $2, message_count = $2 WHERE id = $1 RETURNING id, workspace_id)
       INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
       SELECT workspace_id, id, seq, 'user', 'sent', repeat('x', length) FROM talk, unnest($3::int[]) WITH ORDINALITY AS m (length, seq)`,
      [conversationId, lengths.length, lengths],
    );
    return conversationId;
  };
  const read = async (conversationId: number, afterSeq: number | null): Promise<FollowedState> =>
    (await followed.read([{ conversationId, afterSeq }]))[0]!;
  const shape = ({ messages, hasMore }: FollowedState): unknown => [messages.map(({ seq }) => seq), hasMore];

  it('a page that is too long for one packet keeps the newest, or of later ones the first, and always one', async () => {
    const long = await talk(600_000, 600_000, 2_000_000);
    expect(shape(await read(long, 0))).toEqual([[1], true]);
    expect(shape(await read(long, 1))).toEqual([[2], true]);
    expect(shape(await read(long, 2))).toEqual([[3], false]);
    expect(shape(await read(long, null))).toEqual([[3], true]);
    const fitting = await talk(400_000, 400_000, 200_000);
    expect(shape(await read(fitting, 0))).toEqual([[1, 2, 3], false]);
    expect(shape(await read(fitting, null))).toEqual([[1, 2, 3], false]);
  });

  it('what does not fit is left where it is', async () => {
    const long = await talk(...Array.from({ length: 150 }, () => 32_000));
    const [{ size }] = (await db.database.query<{ size: number }>(
      'SELECT sum(octet_length(content))::int AS size FROM messages WHERE conversation_id = $1',
      [long],
    )) as [{ size: number }];
    expect(size).toBe(4_800_000);
    const { messages, hasMore } = await read(long, 0);
    expect([messages.length, hasMore]).toEqual([31, true]);
  });
});
