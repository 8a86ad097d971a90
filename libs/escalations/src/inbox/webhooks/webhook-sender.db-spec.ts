import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppConfig, FieldReader, JobWorker, Metrics, RedisConnections, Webhooks } from '@app/platform';
import { aUser } from '../../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { cipherOf, encryptionKeys, silentLogger } from '../../../../../test/support/encryption';
import { PlanReader } from '../../../../../test/support/plans';
import { SealedEscalations } from '../persistence/sealed-escalations';
import { WebhooksRepository } from '../persistence/webhooks.repository';
import { WebhookSender } from './webhook-sender.service';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('webhooks that are due', () => {
  let db: TestDatabase;
  let repository: WebhooksRepository;
  let sender: WebhookSender;
  let server: Server;
  let url: string;
  let workspaceId: number;
  /** Path and number, in the order in which they came. */
  let heard: string[] = [];
  let answer: (path: string) => Promise<number> | number = () => 204;

  const repositoryWith = (...keys: string[]): WebhooksRepository => {
    const cipher = cipherOf(...keys);
    const reader = new FieldReader(cipher, new Metrics(), silentLogger());
    return new WebhooksRepository(db.database, new SealedEscalations(cipher, reader));
  };
  const senderOf = async (webhooks: WebhooksRepository): Promise<WebhookSender> => {
    const config = new AppConfig({
      DATABASE_URL: 'postgres://u:p@127.0.0.1/x',
      SECRET_KEY: 'a-secret-of-at-least-32-characters-',
      ENCRYPTION_KEYS: encryptionKeys('test'),
      ALLOW_PRIVATE_WEBHOOKS: 'true',
    });
    const logger = silentLogger();
    // Never begun: what is due is sent when a test says so.
    const jobs = new JobWorker(config, await RedisConnections.create(config.queue, logger), logger);
    return new WebhookSender(jobs, webhooks, new Webhooks(config), logger);
  };

  beforeAll(async () => {
    db = await testDatabase();
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        heard.push(`${request.url} ${(JSON.parse(body) as { number: number }).number}`);
        void Promise.resolve(answer(request.url!)).then((status) => response.writeHead(status).end());
      });
    });
    // Else it may close a connection just as the next request goes out on it, and that one is tried again minutes later.
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    repository = repositoryWith('test');
    sender = await senderOf(repository);
    ({ workspaceId } = await aUser(db.database));
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await db.close();
  });
  beforeEach(async () => {
    heard = [];
    answer = () => 204;
    await db.database.query('DELETE FROM webhook_endpoints');
  });

  const endpoint = async (path: string): Promise<number> =>
    (await repository.create(workspaceId, `${url}${path}`, ['escalation.created'], SECRET)).id;
  const due = async (endpointId: number, count: number): Promise<void> => {
    await db.database.query(
      `INSERT INTO webhook_deliveries (endpoint_id, event_type, payload, next_attempt_at)
       SELECT $1, 'escalation.created', jsonb_build_object('number', n), now() - interval '1 minute' + n * interval '1 second'
       FROM generate_series(1, $2::integer) n`,
      [endpointId, count],
    );
  };
  const states = (endpointId: number): Promise<{ status: string; attempts: number; error: string | null }[]> =>
    db.database.query(
      `SELECT status, attempts, last_error AS error FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY id`,
      [endpointId],
    );
  const failingFor = (endpointId: number, days: number): Promise<unknown> =>
    db.database.query(`UPDATE webhook_endpoints SET failing_since = now() - $2 * interval '1 day' WHERE id = $1`, [
      endpointId,
      days,
    ]);

  it('one server that does not answer holds up nobody else, and each gets what happened in its order', async () => {
    const slow = await endpoint('/slow');
    await due(slow, 20);
    const quick = await endpoint('/quick');
    await due(quick, 25);
    let open: () => void = () => undefined;
    const quickIsDone = new Promise<void>((resolve) => (open = resolve));
    answer = async (path) => {
      if (path === '/slow') await quickIsDone;
      else if (heard.filter((one) => one.startsWith('/quick')).length === 25) open();
      return 204;
    };
    await sender.run();
    for (const path of ['/slow', '/quick']) {
      const count = path === '/slow' ? 20 : 25;
      expect(heard.filter((one) => one.startsWith(path))).toEqual(
        Array.from({ length: count }, (_, index) => `${path} ${index + 1}`),
      );
    }
    expect(new Set((await states(slow)).map(({ status, attempts }) => `${status} ${attempts}`))).toEqual(
      new Set(['delivered 1']),
    );
  });

  it('a server that fails is left alone until the next time, and switched off when nothing has arrived for five days', async () => {
    const broken = await endpoint('/broken');
    await due(broken, 3);
    answer = () => 503;
    await sender.run();
    expect(await states(broken)).toMatchObject([
      { status: 'pending', attempts: 1, error: 'it answered with 503' },
      { status: 'pending', attempts: 0 },
      { status: 'pending', attempts: 0 },
    ]);
    expect(await repository.find(broken)).toMatchObject({ isEnabled: true, failingSince: expect.any(Date) as Date });
    await failingFor(broken, 4);
    await sender.run();
    expect(await repository.find(broken)).toMatchObject({ isEnabled: true });
    await failingFor(broken, 6);
    await sender.run();
    expect(await repository.find(broken)).toMatchObject({
      isEnabled: false,
      disabledReason: 'Nothing has arrived for 5 days.',
    });
    await db.database.query('UPDATE webhook_deliveries SET next_attempt_at = now()');
    await sender.run();
    expect(heard).toHaveLength(3);
    expect((await states(broken)).map(({ status }) => status)).toEqual(['dead', 'dead', 'dead']);
    await repository.change(broken, { isEnabled: true });
    expect(await repository.find(broken)).toMatchObject({ isEnabled: true, disabledReason: null, failingSince: null });
  });

  it('one that arrives makes former failures forgotten', async () => {
    const back = await endpoint('/back');
    await failingFor(back, 6);
    await due(back, 1);
    await sender.run();
    expect(await repository.find(back)).toMatchObject({ isEnabled: true, failingSince: null });
  });

  it('nothing is signed with a secret that cannot be read', async () => {
    const sealed = await endpoint('/sealed');
    await due(sealed, 1);
    await (await senderOf(repositoryWith('other'))).run();
    expect(heard).toEqual([]);
    expect((await states(sealed))[0]).toMatchObject({
      status: 'pending',
      error: 'its secret cannot be read: ENCRYPTION_KEYS lacks a key',
    });
  });

  it('two workers send each once', async () => {
    const ids = await Promise.all(['/a', '/b', '/c'].map((path) => endpoint(path)));
    for (const id of ids) await due(id, 20);
    const other = await senderOf(repository);
    await Promise.all([sender.run(), other.run()]);
    expect(heard).toHaveLength(60);
    expect(new Set(heard).size).toBe(60);
  });

  it('among very many, what is due and what is old is found by looks into indexes', async () => {
    const id = await endpoint('/many');
    await db.database.query(
      `INSERT INTO webhook_deliveries (endpoint_id, event_type, payload, status, next_attempt_at)
       SELECT $1, 'escalation.created', '{}', CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'delivered' END, now() + interval '1 day'
       FROM generate_series(1, 20000) n`,
      [id],
    );
    await db.database.query('ANALYZE webhook_deliveries');
    const reader = new PlanReader(db.dataSource);
    const cipher = cipherOf('test');
    const explained = new WebhooksRepository(
      reader,
      new SealedEscalations(cipher, new FieldReader(cipher, new Metrics(), silentLogger())),
    );
    await explained.takeDue(10, 60_000, []);
    expect(reader.take()).toContain('webhook_deliveries_pending_idx');
    await explained.removeOlderThan(30, 1000);
    expect(reader.take()).toContain('webhook_deliveries_settled_idx');
  });
});
