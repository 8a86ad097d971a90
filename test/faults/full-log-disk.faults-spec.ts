import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, Client, type Problem, type TurnAnswer } from '../support/client';
import { eventually } from '../support/process';
import { OwnPostgres } from './support/own-postgres';
import { Scene } from './support/scene';
import { SmallDisk } from './support/small-disk';

const DISK_MEGABYTES = 200;
const disk = SmallDisk.mount(DISK_MEGABYTES);

/** Random, so that PostgreSQL cannot compress it. */
const bulk = (): string => randomBytes(20_000).toString('base64');

// PostgreSQL panics when it cannot write its log, and does not come up again while that is so. The embedded one is looked after by us.
(disk === undefined ? describe.skip : describe)(
  'when not even the write-ahead log of the embedded PostgreSQL has room',
  () => {
    let postgres: OwnPostgres;
    let scene: Scene;
    let user: Client;

    beforeAll(async () => {
      postgres = await OwnPostgres.start({}, disk!.folder);
      scene = await Scene.set({ backend: 'postgres', size: { apis: 1, workers: 1 }, database: postgres.database });
      user = await Client.register(() => scene.fleet.apiUrls()[0]!);
    }, 180_000);
    afterAll(async () => {
      await scene?.strike();
      await postgres?.down();
      disk!.unmount();
    }, 120_000);

    /** What hours of small writes do: the server dies of it. */
    async function fillTheLog(): Promise<void> {
      const write = scene.withSql(async (sql) => {
        for (let times = 0; times < 10 * DISK_MEGABYTES; times++) {
          await sql.query(`SELECT pg_logical_emit_message(false, 'ballast', repeat('x', 100000))`);
        }
      });
      await expect(write).rejects.toThrow();
    }

    it('every request is answered with 503, what was accepted is kept, and it goes on by itself when there is room', async () => {
      const conversation = await user.conversation();
      await user.send(conversation, 'before');
      const accepted: string[] = [];
      const send = async (): Promise<Answer<TurnAnswer & Problem>> => {
        const content = bulk();
        const answer = await user.request<TurnAnswer & Problem>(
          'POST',
          `/chat/conversations/${conversation}/send`,
          { content },
          { prefer: 'respond-async' },
        );
        if (answer.status === 202) accepted.push(content);
        return answer;
      };
      disk!.fill();
      await fillTheLog();
      await eventually(
        async () => {
          const { status, headers } = await send();
          expect([202, 429, 503]).toContain(status);
          if (status !== 202) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
          return postgres.notices.some((notice) => notice.includes('is full')) ? true : undefined;
        },
        'PostgreSQL to give in',
        120_000,
      );
      expect((await send()).status).toBe(503);
      await pause(1000);

      disk!.makeRoom();
      await eventually(
        async () => ((await send()).status === 202 ? true : undefined),
        'messages are taken again',
        60_000,
      );
      await scene.untilNoTurnIsOpen();
      const stored = await scene.withSql(async (sql) => {
        const query = `SELECT content FROM messages WHERE conversation_id = $1 AND role = 'user' ORDER BY seq`;
        return (await sql.query<{ content: string }>(query, [conversation])).rows.map(({ content }) => content);
      });
      expect(stored).toEqual(['before', ...accepted]);
      expect(scene.fleet.unexpectedEnds).toEqual([]);
    }, 300_000);
  },
);
