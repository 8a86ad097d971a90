import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Answer, Client, type Problem, type TurnAnswer } from '../support/client';
import { eventually } from '../support/process';
import { freshDataDir, OwnPostgres } from './support/own-postgres';
import { Scene } from './support/scene';
import { SmallDisk } from './support/small-disk';

const DISK_MEGABYTES = 200;
const MOST_MESSAGES = 200;
const disk = SmallDisk.mount(DISK_MEGABYTES);

/** Random, so that PostgreSQL cannot compress it. */
const bulk = (): string => randomBytes(20_000).toString('base64');

/** The write-ahead log goes to another disk: then a full one stops single statements, and not the whole server. */
function moveWriteAheadLog(dataDir: string, elsewhere: string): void {
  const inside = join(dataDir, 'postgres', 'cluster', 'pg_wal');
  execFileSync('cp', ['-a', inside, join(elsewhere, 'pg_wal')]);
  execFileSync('rm', ['-r', inside]);
  execFileSync('ln', ['-s', join(elsewhere, 'pg_wal'), inside]);
}

(disk === undefined ? describe.skip : describe)('when the disk of PostgreSQL is full', () => {
  const elsewhere = freshDataDir();
  let postgres: OwnPostgres;
  let scene: Scene;
  let user: Client;

  beforeAll(async () => {
    postgres = await OwnPostgres.start({}, disk!.folder);
    await postgres.down();
    moveWriteAheadLog(disk!.folder, elsewhere);
    await postgres.up();
    scene = await Scene.set({
      backend: 'postgres',
      size: { apis: 1, workers: 1 },
      database: postgres.database,
      env: { OPENAI_TIMEOUT: '15000' },
    });
    user = await Client.register(() => scene.fleet.apiUrls()[0]!);
  }, 180_000);
  afterAll(async () => {
    await scene?.strike();
    await postgres?.down();
    disk!.unmount();
    execFileSync('rm', ['-r', elsewhere]);
  }, 120_000);

  const sendAsync = (conversation: number, content: string): Promise<Answer<TurnAnswer & Problem>> =>
    user.request('POST', `/chat/conversations/${conversation}/send`, { content }, { prefer: 'respond-async' });

  /** The accepted messages and the first refusal. */
  async function sendUntilRefused(
    conversation: number,
  ): Promise<{ accepted: string[]; refusal: Answer<Problem & { title: string }> }> {
    const accepted: string[] = [];
    while (accepted.length < MOST_MESSAGES) {
      const content = bulk();
      const answer = await sendAsync(conversation, content);
      if (answer.status !== 202) return { accepted, refusal: answer as unknown as Answer<Problem & { title: string }> };
      accepted.push(content);
    }
    throw new Error(`The disk took ${MOST_MESSAGES} messages; it is not full.`);
  }

  it('reading works, a message is refused with 503 in plain words, nothing is half-written, and it recovers by itself', async () => {
    const [quiet, waiting] = [await user.conversation(), await user.conversation()];
    await user.send(quiet, 'before');
    // Answered while the disk is full: the reply is long, so storing it needs room.
    const reply = bulk();
    await scene.upstream.next({ type: 'reply', pieces: [reply], firstTokenDelayMs: 1500 });
    const { body: late } = await sendAsync(waiting, 'answer me at length');
    await eventually(async () => ((await scene.upstream.requests()).length >= 2 ? true : undefined), 'the call');
    const full = await user.conversation();

    disk!.fill();
    const { accepted, refusal } = await sendUntilRefused(full);
    expect(refusal.status).toBe(503);
    expect(refusal.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refusal.body.code).toBe('DATABASE.FULL');
    expect(refusal.body.detail).toContain('no room left');
    expect(JSON.stringify(refusal.body)).not.toMatch(/base\/|No space left on device|extend file/);

    const [list, turn, health] = await Promise.all([
      user.request<{ messages: unknown[] }>('GET', `/chat/conversations/${quiet}/messages`),
      user.request<TurnAnswer>('GET', `/chat/turns/${late.id}`),
      user.request('GET', '/health/live'),
    ]);
    expect([list.status, turn.status, health.status]).toEqual([200, 200, 200]);
    expect(list.body.messages).toHaveLength(2);

    // The model has answered, and its answer is kept until there is room for it.
    await eventually(async () => {
      const request = (await scene.upstream.requests()).find(
        ({ lastUserMessage }) => lastUserMessage === 'answer me at length',
      );
      return request?.outcome === 'completed' ? true : undefined;
    }, 'the long answer');
    disk!.makeRoom();
    await scene.untilNoTurnIsOpen();
    expect((await user.send(full, 'after')).body.assistant_message.content).toBe('You said: after');

    const stored = await user.messages(full);
    expect(stored.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([...accepted, 'after']);
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, place) => place + 1));
    const turns = await scene.withSql((sql) =>
      sql.query<{ orphans: string }>(
        `SELECT count(*) AS orphans FROM messages m LEFT JOIN turns t ON t.user_message_id = m.id WHERE m.role = 'user' AND t.id IS NULL`,
      ),
    );
    expect(Number(turns.rows[0]!.orphans)).toBe(0);
    const { body: answered } = await user.request<TurnAnswer>('GET', `/chat/turns/${late.id}`);
    expect(answered).toMatchObject({ status: 'completed', attempt: 1, assistant_message: { content: reply } });
    expect(scene.fleet.unexpectedEnds).toEqual([]);
  }, 180_000);
});
