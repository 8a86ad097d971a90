import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventsBus } from '@app/platform';
import { aConversation } from '../../../../test/factories/rows';
import { cipherOf, conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { ConversationDelivery } from '../conversation-delivery';
import { ConversationOwnership, type SaidMessage } from '../conversation-ownership.service';
import type { MessageIntakeService } from '../message-intake.service';
import { RequestHashes } from '../request-hashes';
import { TurnHandOff } from '../turn-hand-off';
import { LeasesRepository } from './leases.repository';
import { aReply } from './outcomes.spec-support';
import { TurnChangesRepository } from './turn-changes.repository';
import type { AcceptedMessage } from './turns.repository';
import { aMessage } from './turns.spec-support';

const LEASE_MS = 60_000;
const HISTORY = 10;
const ROUNDS = 60;

describe('who answers in a conversation', () => {
  let db: TestDatabase;
  let repositories: ReturnType<typeof conversationRepositories>;
  let people: ConversationOwnership;
  const told: string[] = [];

  beforeAll(async () => {
    db = await testDatabase();
    repositories = conversationRepositories(db.database);
    const events = {
      publish: (event: { type: string; turnId?: number }) => told.push(`${event.type} ${event.turnId}`),
    };
    people = new ConversationOwnership(
      db.database,
      new LeasesRepository(db.database),
      repositories.ownership,
      new TurnChangesRepository(db.database),
      { wake: () => undefined } as unknown as MessageIntakeService,
      new ConversationDelivery(),
      new TurnHandOff(),
      new RequestHashes(cipherOf('test')),
      events as unknown as EventsBus,
    );
  });
  afterAll(async () => db.close());
  beforeEach(() => void told.splice(0));

  const say = (
    conversation: { conversationId: number; userId: number },
    content = 'hello',
  ): Promise<AcceptedMessage | undefined> => repositories.turns.accept(aMessage(conversation, content));
  const take = async (conversationId: number) =>
    (await repositories.work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
  const turnsOf = (conversationId: number) =>
    db.database.query<{ id: number; status: string }>(
      'SELECT id, status FROM turns WHERE conversation_id = $1 ORDER BY id',
      [conversationId],
    );
  const rolesOf = async (conversationId: number): Promise<string[]> =>
    (
      await db.database.query<{ role: string }>('SELECT role FROM messages WHERE conversation_id = $1 ORDER BY seq', [
        conversationId,
      ])
    ).map(({ role }) => role);

  it('a reply that is being written when people take over is not stored, and what waits is handed off', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    const running = (await say(conversation))!;
    const waiting = (await say(conversation))!;
    const { token, turn } = await take(conversationId);
    const { lastSeq } = await people.handOver(conversationId, (owned) => Promise.resolve(owned));
    expect(lastSeq).toBe(2);
    expect(await repositories.endings.finish(turn!, token, aReply('too late'))).toBe('not-ours');
    expect((await turnsOf(conversationId)).map(({ status }) => status)).toEqual(['handed_off', 'handed_off']);
    expect(told).toEqual([
      `turn.cancel-requested ${running.turnId}`,
      `turn.finished ${running.turnId}`,
      `turn.finished ${waiting.turnId}`,
    ]);
    expect(await rolesOf(conversationId)).toEqual(['user', 'user']);
  });

  it('what is said to people wakes no model, and neither do bursts', async () => {
    const conversation = await aConversation(db.database);
    await people.handOver(conversation.conversationId, () => Promise.resolve());
    expect(await say(conversation)).toMatchObject({ isHandedOff: true });
    const burst = { waitMs: 60_000, maxMs: 120_000, maxMessages: 10 };
    const accepted = await repositories.turns.accept(aMessage(conversation, 'again', { burst }));
    expect(accepted).toMatchObject({ isHandedOff: true });
    expect(await repositories.work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY)).toBeUndefined();
    expect((await turnsOf(conversation.conversationId)).map(({ status }) => status)).toEqual([
      'handed_off',
      'handed_off',
    ]);
  });

  it('messages of the team stand in their place, and nobody of the team speaks while models answer', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId, userId } = conversation;
    const said = { conversationId, isEncrypted: false };
    expect(await people.say({ ...said, authorId: userId, content: 'me?' })).toBeUndefined();
    expect(await people.say({ ...said, authorId: null, content: 'A colleague will come.' })).toMatchObject({ seq: 1 });
    await people.handOver(conversationId, () => Promise.resolve());
    await say(conversation);
    expect(await people.say({ ...said, authorId: userId, content: 'Here I am.' })).toMatchObject({ seq: 3 });
    const page = await repositories.messages.page(conversationId, { limit: 10 });
    expect(page.map(({ role, author_id, content, is_current }) => [role, author_id, content, is_current])).toEqual([
      ['system', null, 'A colleague will come.', true],
      ['user', null, 'hello', true],
      ['agent', userId, 'Here I am.', true],
    ]);
  });

  it('are encrypted where the conversation is', async () => {
    const { conversationId, userId } = await aConversation(db.database);
    await db.database.query('UPDATE conversations SET is_encrypted = true WHERE id = $1', [conversationId]);
    await people.handOver(conversationId, () => Promise.resolve());
    expect(await people.say({ conversationId, isEncrypted: false, authorId: userId, content: 'x' })).toBeUndefined();
    await people.say({ conversationId, isEncrypted: true, authorId: userId, content: 'a secret' });
    const [stored] = await db.database.query<{ content: string }>(
      'SELECT content FROM messages WHERE conversation_id = $1',
      [conversationId],
    );
    expect(stored!.content).toMatch(/^enc:/);
    expect((await repositories.messages.page(conversationId, { limit: 1 }))[0]!.content).toBe('a secret');
  });

  it.each([false, true])(
    'a reply that is sent again with its key is the first one, also afterwards and ten at once (encrypted: %s)',
    async (isEncrypted) => {
      const { conversationId, userId } = await aConversation(db.database);
      await db.database.query('UPDATE conversations SET is_encrypted = $2 WHERE id = $1', [
        conversationId,
        isEncrypted,
      ]);
      const reply = (content: string, idempotencyKey: string, authorId = userId): Promise<SaidMessage | undefined> =>
        db.database.transaction(() => people.say({ conversationId, isEncrypted, authorId, content, idempotencyKey }));
      expect(await reply('Hello.', 'k')).toBeUndefined();
      await people.handOver(conversationId, () => Promise.resolve());
      const all = await Promise.all(Array.from({ length: 10 }, () => reply('Hello.', 'k')));
      expect(new Set(all.map((said) => said!.messageId)).size).toBe(1);
      expect(all.filter((said) => !said!.isReplay)).toHaveLength(1);
      await expect(reply('Something else.', 'k')).rejects.toMatchObject({ code: 'IDEMPOTENCY.MISMATCH', status: 422 });
      // Keys are one person's.
      expect(await reply('Hello.', 'k', userId + 1)).toMatchObject({ isReplay: false, seq: 2 });
      await people.giveBack(conversationId, () => Promise.resolve());
      expect(await reply('Hello.', 'k')).toEqual({ ...all[0], isReplay: true });
      expect(await reply('Hello.', 'another')).toBeUndefined();
      const [stored] = await db.database.query<{ count: number; hash: Buffer }>(
        `SELECT count(*)::integer AS count, min(request_hash) AS hash FROM agent_reply_keys WHERE conversation_id = $1`,
        [conversationId],
      );
      expect(stored!.count).toBe(2);
      const plain = createHash('sha256').update('Hello.').digest();
      expect(stored!.hash.equals(plain)).toBe(!isEncrypted);
    },
  );

  it('after the return the history begins anew, and the summary of before is gone', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'an old complaint');
    const { token, turn } = await take(conversationId);
    expect(turn!.isAfterHandOff).toBe(false);
    await repositories.endings.finish(turn!, token, aReply('I am sorry'));
    await db.database.query(
      `INSERT INTO conversation_summaries (conversation_id, content, through_seq, not_before) VALUES ($1, 'old', 1, now())`,
      [conversationId],
    );
    await people.handOver(conversationId, () => Promise.resolve());
    await say(conversation, 'still angry');
    await people.giveBack(conversationId, () => Promise.resolve());
    await say(conversation, 'what are your opening hours?');
    const next = (await take(conversationId)).turn!;
    expect(next).toMatchObject({
      content: 'what are your opening hours?',
      history: [],
      summary: null,
      isAfterHandOff: true,
    });
    // Who sums up the whole session reads all of it.
    const read = (scope?: 'context' | 'whole'): Promise<(string | null)[]> =>
      repositories.history.newestTurns(conversationId, HISTORY, scope).then((turns) => turns.map(({ user }) => user));
    expect(await read()).toEqual([]);
    expect(await read('whole')).toEqual(['an old complaint', 'still angry']);
  });

  it('a first summary that was begun before the return is not stored after it', async () => {
    const { conversationId } = await aConversation(db.database);
    const claim = await repositories.summaries.claim(conversationId, 60_000);
    await people.handOver(conversationId, () => Promise.resolve());
    await people.giveBack(conversationId, () => Promise.resolve());
    const summary = { content: 'an old complaint', throughSeq: 1, tokens: 5, model: 'm' };
    expect(await repositories.summaries.store(conversationId, claim!, summary)).toBe(false);
  });

  it('nothing has happened when the work in between fails', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation);
    const { token, turn } = await take(conversationId);
    await expect(people.handOver(conversationId, () => Promise.reject(new Error('taken')))).rejects.toThrow('taken');
    expect(await repositories.endings.finish(turn!, token, aReply('in time'))).toMatchObject({ status: 'completed' });
    expect(told).toEqual([]);
    await expect(people.handOver(999_999, () => Promise.resolve())).rejects.toMatchObject({
      code: 'CONVERSATION.NOT_FOUND',
    });
  });

  it('whatever comes at the same moment: no reply stands behind the claim, and no turn stays open', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const conversation = await aConversation(db.database);
      const { conversationId } = conversation;
      await say(conversation);
      const { token, turn } = await take(conversationId);
      const later = async <T>(work: () => Promise<T>): Promise<T> => {
        // Spread over what the statements take.
        await pause(Math.random() * 4);
        return work();
      };
      const [{ lastSeq }] = await Promise.all([
        later(() => people.handOver(conversationId, (owned) => Promise.resolve(owned))),
        later(() => repositories.endings.finish(turn!, token, aReply('perhaps'))),
        later(() => say(conversation, 'one more')),
        later(() => say(conversation, 'and more')),
        later(async () => {
          const taken = await repositories.work.take(conversationId, 'other', LEASE_MS, HISTORY);
          if (taken?.turn !== undefined) await repositories.endings.finish(taken.turn, taken.token, aReply('other'));
        }),
      ]);
      const late = await db.database.query(
        `SELECT seq FROM messages WHERE conversation_id = $1 AND role = 'assistant' AND seq > $2`,
        [conversationId, lastSeq],
      );
      expect({ round, late }).toEqual({ round, late: [] });
      const open = (await turnsOf(conversationId)).filter(({ status }) => ['pending', 'running'].includes(status));
      expect({ round, open }).toEqual({ round, open: [] });
    }
  }, 120_000);
});
