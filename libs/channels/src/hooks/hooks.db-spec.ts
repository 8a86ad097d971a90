import type { AddressInfo } from 'node:net';
import { AppConfig, type EventsBus, type JobQueue, Metrics, ProblemFilter, RateLimits } from '@app/platform';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { takeHooks } from '../../../../apps/api/src/hook-bodies';
import { aPersona, aUser } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { cipherOf, silentLogger } from '../../../../test/support/encryption';
import { eventually } from '../../../../test/support/process';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelDirectory } from '../channels/channel-directory.service';
import { ChannelMetrics } from '../channels/channel-metrics.service';
import { ChannelsRepository } from '../channels/persistence/channels.repository';
import type { ChannelAdapter, HookRules } from '../core/channel-adapter';
import { Intake } from '../inbox/intake.service';
import { InboxRepository } from '../inbox/persistence/inbox.repository';
import { hookControllerOf } from './hook-controllers';
import { HookDoor } from './hook-door';
import { SenderJobs } from '../inbox/sender-jobs.service';
import { HookSenders } from './hook-senders.service';
import { HooksService } from './hooks.service';

const formOf = ({ body }: { body: Buffer }): URLSearchParams => new URLSearchParams(body.toString('utf8'));

/** Hooks that are in nothing like Meta's: forms, with the token among the fields, and commands that want words at once. */
const RULES: HookRules = {
  contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
  isSigned: ({ credentials }, request) => formOf(request).get('token') === credentials.token,
  read: (request) => Object.fromEntries(formOf(request)),
  answer: (_access, request) =>
    formOf(request).has('command') ? { response_type: 'ephemeral', text: 'One moment.' } : undefined,
};
const ADAPTER = {
  type: 'whatsapp',
  hooks: RULES,
  parse: (body: { post_id?: string; text?: string; user_id?: string }) => [
    {
      accountId: null,
      events: [
        {
          kind: 'message',
          externalId: body.post_id!,
          sender: { scopedId: body.user_id!, phone: null, name: null },
          threadKey: '',
          text: body.text!,
          media: [],
          replyTo: null,
          sentAt: null,
        },
      ],
    },
  ],
} as unknown as ChannelAdapter;

describe('hooks that are not like those of Meta', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;
  let channelId: number;
  const woken: unknown[] = [];

  beforeAll(async () => {
    db = await testDatabase();
    const repository = new ChannelsRepository(db.database, cipherOf('k1'));
    const owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    const { workspaceId } = owner;
    const made = await repository.insert(
      { workspaceId, personaId, type: 'whatsapp', name: 'Ours', accountId: 'team', settings: {}, isEnabled: true },
      { token: 'the-token' },
    );
    channelId = made.id;
    const config = new AppConfig({
      DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/parley',
      SECRET_KEY: 'x'.repeat(40),
      ENCRYPTION_KEYS: `k1:${'0f'.repeat(32)}`,
    });
    const bus = { subscribe: () => () => undefined, onReconnect: () => () => undefined } as unknown as EventsBus;
    const queue = { add: (...job: unknown[]) => Promise.resolve(void woken.push(job)) } as unknown as JobQueue;
    const adapters = new ChannelAdapters([ADAPTER]);
    const senders = new HookSenders(new ChannelDirectory(repository, bus, silentLogger()), adapters);
    const inbox = new InboxRepository(db.database, cipherOf('k1'));
    const metrics = new ChannelMetrics(new Metrics());
    const hooks = new HooksService(
      adapters,
      senders,
      new Intake(inbox, new SenderJobs(queue, cipherOf('k1')), metrics, silentLogger()),
      metrics,
    );

    @Module({
      controllers: [hookControllerOf('whatsapp')],
      providers: [
        { provide: HookDoor, useValue: new HookDoor(hooks, senders, new RateLimits(config, silentLogger())) },
      ],
    })
    class HooksModule {}

    app = await NestFactory.create<NestFastifyApplication>(HooksModule, new FastifyAdapter(), { logger: false });
    takeHooks(app, 100_000);
    app.useGlobalFilters(new ProblemFilter(silentLogger()));
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/webhooks/whatsapp`;
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const send = (fields: Record<string, string>, path = `/${channelId}`, type = 'application/x-www-form-urlencoded') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': type },
    });
  const stored = async (id: string): Promise<number> =>
    (await db.database.query('SELECT 1 FROM channel_inbox WHERE external_id = $1', [id])).length;

  it('a form with the token of the channel in it is stored, once, and its answer is empty', async () => {
    const fields = { token: 'the-token', post_id: 'p1', user_id: 'u1', text: 'Grüße & mehr' };
    for (const answer of [await send(fields), await send(fields)]) {
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    }
    expect(await stored('p1')).toBe(1);
    expect(woken).toHaveLength(1);
  });

  it('a command is answered with words at once, when it is stored', async () => {
    const answer = await send({ token: 'the-token', command: '/ask', post_id: 'p2', user_id: 'u1', text: 'Hi' });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect([answer.status, await answer.json()]).toEqual([200, { response_type: 'ephemeral', text: 'One moment.' }]);
    expect(await stored('p2')).toBe(1);
  });

  it('a wrong token is refused, and gets no words', async () => {
    const answer = await send({ token: 'another', command: '/ask', post_id: 'p3', user_id: 'u1', text: 'Hi' });
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('One moment.');
    expect(await stored('p3')).toBe(0);
  });

  it('what it is not sent as is refused, and one that never asks for our address is not told of it', async () => {
    expect((await send({ token: 'the-token' }, undefined, 'text/plain')).status).toBe(415);
    expect(
      (await fetch(`${url}/${channelId}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=the-token`)).status,
    ).toBe(403);
  });

  it('a network whose large hooks were refused is not read at length again; what one person writes still is', async () => {
    const large = 'x'.repeat(1_000_000);
    const refused = () => send({ token: 'another', large });
    await eventually(async () => ((await refused()).status === 429 ? true : undefined), 'the network to be full');
    const own = { token: 'the-token', user_id: 'u1', text: 'Hi' };
    expect((await send({ ...own, post_id: 'p4', large })).status).toBe(429);
    expect((await send({ ...own, post_id: 'p5' })).status).toBe(200);
    expect([await stored('p4'), await stored('p5')]).toEqual([0, 1]);
  });
});
