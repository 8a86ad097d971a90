import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, type FakePerson, type Json, whatsAppMessage } from '../support/fake-graph';
import type { Problem } from '../support/client';
import { aPng } from '../support/pictures';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';

describe('when something goes wrong with what comes in', () => {
  const fleet = new ChannelFleet();
  let channel: OpenChannel;
  let person: FakePerson;

  beforeAll(() => fleet.start({ MAX_PENDING_TURNS: '3' }));
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(async () => {
    fleet.reset();
    channel = await fleet.open();
    person = aPerson();
  });

  const send = (content: Json) => fleet.sayAll(channel, person, [whatsAppMessage(person, content)]);

  it('a worker that dies with a message in its hands: another goes on, and it is said once', async () => {
    const { id } = fleet.graph.addMedia(aPng(), 'image/png');
    fleet.graph.always({ type: 'silent' }, ({ accountId }) => accountId === id);
    await send({ type: 'image', image: { id, mime_type: 'image/png', caption: 'Look' } });
    await fleet.say(channel, person, 'Well?');
    await fleet.graph.waitFor(({ calls }) => calls.some(({ accountId }) => accountId === id));
    await fleet.parley.worker.kill();
    fleet.graph.always(null);
    // Its time would be over in a minute.
    await fleet.sql.query(
      'UPDATE channel_inbox SET taken_until = now() WHERE channel_id = $1 AND taken_until IS NOT NULL',
      [channel.id],
    );
    await fleet.parley.startWorker();
    await fleet.askedAbout(2);
    expect(fleet.asked).toEqual(['Look', 'Well?']);
  });

  it('a job that is lost is found, and one that comes twice does nothing twice', async () => {
    await fleet.parley.worker.kill();
    await fleet.say(channel, person, 'Hello');
    // The worker makes the tables of the queue anew, without jobs. One that is being added at this moment can be in the way.
    await eventually(
      () =>
        fleet.sql.query('DROP SCHEMA IF EXISTS bullmq CASCADE').then(
          () => true,
          () => undefined,
        ),
      'the tables of the queue to be gone',
    );
    await fleet.parley.startWorker();
    await fleet.askedAbout(1);
    expect(fleet.asked).toEqual(['Hello']);
  });

  it('the queue is told no number, and a job of the form that jobs had before harms nothing', async () => {
    const phone = '15559876543';
    person = aPerson({ phone, scopedId: null });
    await fleet.parley.worker.kill();
    await fleet.say(channel, person, 'Hello');
    const jobs = await eventually(async () => {
      const { rows } = await fleet.sql.query<{ job: string }>(`SELECT to_jsonb(j)::text AS job FROM bullmq.job j`);
      const found = rows.map(({ job }) => job).filter((job) => job.includes('channels.receive'));
      return found.length > 0 ? found : undefined;
    }, 'the job');
    for (const job of jobs) expect(job).not.toContain(phone);
    await runJob(fleet.parley, 'channels.receive', { channelId: channel.id, senderKey: phone });
    await fleet.parley.startWorker();
    await fleet.askedAbout(1);
    expect(fleet.asked).toEqual(['Hello']);
    await fleet.say(channel, person, 'And again');
    await fleet.askedAbout(2);
    expect(fleet.parley.log()).not.toContain(phone);
  });

  it('what is given up is shown, and can be tried again; what came after it is not kept waiting', async () => {
    await fleet.say(channel, person, 'First');
    await fleet.askedAbout(1);
    await fleet.settled(channel.id);
    await channel.owner.request('DELETE', `/personas/${channel.persona}`);
    await fleet.say(channel, person, 'Lost');
    await eventually(async () => (await fleet.items(channel))[0]?.reason ?? undefined, 'the first try');
    await fleet.sql.query(
      `UPDATE channel_inbox SET attempts = 7, not_before = now() WHERE channel_id = $1 AND status = 'pending'`,
      [channel.id],
    );
    const dead = await eventually(
      async () => (await fleet.items(channel, '?status=dead'))[0],
      'it to be given up',
      30_000,
    );
    expect(dead).toMatchObject({ kind: 'message', status: 'dead', reason: 'PERSONA.DELETED' });
    const persona_id = await channel.owner.persona({ visibility: 'workspace' });
    await channel.owner.request('PATCH', `/channels/${channel.id}`, { persona_id });
    await fleet.say(channel, person, 'Later');
    await fleet.askedAbout(2);
    const retry = (id: number) => channel.owner.request<Problem>('POST', `/channels/${channel.id}/inbox/${id}/retry`);
    expect((await retry(dead.id)).status).toBe(204);
    await fleet.askedAbout(3);
    expect(fleet.asked).toEqual(['First', 'Later', 'Lost']);
    expect(await retry(dead.id)).toMatchObject({ status: 409, body: { code: 'CHANNEL.INBOX_NOT_DEAD' } });
    expect(await retry(999_999_999)).toMatchObject({ status: 404, body: { code: 'CHANNEL.INBOX_NOT_FOUND' } });
    const stranger = await fleet.open();
    expect((await stranger.owner.request('GET', `/channels/${channel.id}/inbox`)).status).toBe(404);
    expect((await stranger.owner.request('POST', `/channels/${stranger.id}/inbox/${dead.id}/retry`)).status).toBe(404);
  });

  it('a conversation that is full is waited for, and nothing is lost or counted twice', async () => {
    await channel.owner.request('PATCH', `/channels/${channel.id}`, { settings: { messages_per_minute: 9 } });
    fleet.upstream.always({ type: 'reply', headersDelayMs: 100 });
    const texts = Array.from({ length: 9 }, (_, index) => `${index}`);
    for (const body of texts) await fleet.say(channel, person, body);
    await fleet.askedAbout(9, 60_000);
    expect(fleet.asked).toEqual(texts);
  });

  it('a picture that waits for that is fetched anew, and takes no room meanwhile', async () => {
    const { id } = fleet.graph.addMedia(aPng(3, 3), 'image/png');
    fleet.upstream.next({ type: 'reply', headersDelayMs: 15_000 });
    for (const body of ['0', '1', '2']) await fleet.say(channel, person, body);
    await fleet.settled(channel.id, 3);
    await fleet.sayAll(channel, person, [
      whatsAppMessage(person, { type: 'image', image: { id, mime_type: 'image/png', caption: 'Look' } }),
    ]);
    await eventually(async () => (await fleet.items(channel))[0]?.reason ?? undefined, 'it to wait');
    const { rows } = await fleet.sql.query(
      'SELECT 1 FROM uploads u JOIN channel_identities i ON i.user_id = u.user_id WHERE i.channel_id = $1',
      [channel.id],
    );
    expect(rows).toHaveLength(0);
    await fleet.askedAbout(4, 60_000);
    expect(JSON.stringify(fleet.upstream.requests.at(-1)?.body)).toContain('data:image/png;base64,');
  });

  it('a conversation that was erased or closed is followed by a new one', async () => {
    await fleet.say(channel, person, 'One');
    await fleet.settled(channel.id, 1);
    const [first] = await fleet.conversations(channel.id);
    await fleet.sql.query('UPDATE conversations SET is_active = false WHERE id = $1', [first!.id]);
    await fleet.say(channel, person, 'Two');
    await fleet.settled(channel.id, 2);
    const conversations = await fleet.conversations(channel.id);
    expect(conversations.map(({ roles }) => roles[0])).toEqual(['user', 'user']);
    const [who] = await fleet.people(channel);
    expect((await channel.owner.request('DELETE', `/channels/${channel.id}/identities/${who!.id}`)).status).toBe(204);
    await fleet.say(channel, person, 'Three');
    await fleet.settled(channel.id, 3);
    expect(await fleet.people(channel)).toHaveLength(1);
  });
});
