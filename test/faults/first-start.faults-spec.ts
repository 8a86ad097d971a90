import { randomBytes } from 'node:crypto';
import { Client as Postgres } from 'pg';
import type { EmptyDatabase } from '../support/own-database';
import { Client } from '../support/client';
import { Scene } from './support/scene';

const sharedUrl = (): string => {
  const url = process.env.TEST_POSTGRES_URL;
  if (url === undefined) throw new Error('TEST_POSTGRES_URL is not set: run the tests with `npm test`.');
  return url;
};

async function asAdmin(statement: string): Promise<void> {
  const sql = new Postgres({ connectionString: sharedUrl() });
  await sql.connect();
  await sql.query(statement);
  await sql.end();
}

/** A database without a single table. */
async function bareDatabase(): Promise<EmptyDatabase> {
  const name = `bare_${randomBytes(8).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  const url = new URL(sharedUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

describe('four processes that start at once on an empty database', () => {
  let scene: Scene;
  afterAll(async () => scene?.strike(), 60_000);

  it('one migrates, the others wait, and all of them work', async () => {
    scene = await Scene.set({ backend: 'postgres', size: { apis: 2, workers: 2 }, database: await bareDatabase() });
    const { rows } = await scene.withSql((sql) =>
      sql.query<{ name: string; times: string }>('SELECT name, count(*) AS times FROM migrations GROUP BY name'),
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ times }) => Number(times) !== 1)).toEqual([]);
    for (const url of scene.fleet.apiUrls()) {
      const user = await Client.register(url);
      const { body } = await user.send(await user.conversation(), 'hello');
      expect(body.assistant_message.content).toBe('You said: hello');
    }
    expect(scene.fleet.unexpectedEnds).toEqual([]);
    expect(scene.fleet.log()).not.toMatch(/already exists|deadlock|"level":[56]0/);
  }, 180_000);
});
