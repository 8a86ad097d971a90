import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import { aPerson, aWamid, type FakePerson, type Json, whatsAppChange, whatsAppHook } from '../support/fake-graph';
import { eventually } from '../support/process';

describe('what becomes of what was sent through channels', () => {
  const fleet = new ChannelFleet();
  let channel: OpenChannel;
  let person: FakePerson;

  beforeAll(() => fleet.start());
  afterAll(() => fleet.stop());
  afterEach(() => fleet.quiet());
  beforeEach(async () => {
    fleet.reset();
    channel = await fleet.open();
    person = aPerson();
  });

  const outboxOf = async (): Promise<Record<string, unknown>[]> =>
    (
      await fleet.sql.query<Record<string, unknown>>('SELECT * FROM channel_outbox WHERE channel_id = $1 ORDER BY id', [
        channel.id,
      ])
    ).rows;
  /** Something that was sent to the person. @returns its number */
  const aSentRow = async (status: string, externalId: string | null): Promise<number> => {
    await fleet.say(channel, person, 'Hello');
    await fleet.settled(channel.id);
    const { rows } = await fleet.sql.query<{ id: string }>(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status, external_id, taken_until)
       SELECT channel_id, identity_id, conversation_id, 'agent', 'text', $2, $3, now() + interval '1 hour' FROM channel_threads WHERE channel_id = $1 RETURNING id`,
      [channel.id, status, externalId],
    );
    return Number(rows[0]!.id);
  };
  const tell = (id: string, status: string, more: Json = {}) =>
    fleet.hook(
      channel,
      whatsAppHook(whatsAppChange(channel.account, { statuses: [{ id, status, timestamp: '1', ...more }] })),
    );
  const rowIs = (id: number, expected: Json): Promise<unknown> =>
    eventually(
      async () => {
        const row = (await outboxOf()).find((one) => Number(one.id) === id);
        return Object.entries(expected).every(([name, value]) => row?.[name] === value) ? row : undefined;
      },
      `row ${id} to be ${JSON.stringify(expected)}`,
      30_000,
    );

  it('gets further and never back, in whatever order it is told', async () => {
    const wamid = aWamid();
    const id = await aSentRow('sent', wamid);
    await tell(wamid, 'read');
    await rowIs(id, { status: 'read' });
    for (const status of ['delivered', 'sent', 'failed']) await tell(wamid, status, { errors: [{ code: 131047 }] });
    await fleet.settled(channel.id, 5);
    expect(await rowIs(id, { status: 'read', reason: null })).toHaveProperty('delivered_at', expect.any(Date));
    expect(fleet.asked).toEqual(['Hello']);
  });

  it('is failed with the number of the error', async () => {
    const wamid = aWamid();
    const id = await aSentRow('sent', wamid);
    await tell(wamid, 'failed', { errors: [{ code: 131026 }] });
    await rowIs(id, { status: 'failed', reason: 'channel:131026' });
  });

  it('is known by our own number when the answer to the call was lost: it was sent, then', async () => {
    const wamid = aWamid();
    const id = await aSentRow('sending', null);
    await tell(wamid, 'delivered', { biz_opaque_callback_data: `parley:${id}` });
    await rowIs(id, { status: 'delivered', external_id: wamid, taken_until: null });
  });

  it('waits a while when it is faster than the answer to the call', async () => {
    const wamid = aWamid();
    const id = await aSentRow('sending', null);
    await tell(wamid, 'delivered');
    await eventually(
      async () => (await fleet.items(channel))[0]?.reason === 'unknown_message' || undefined,
      'the status to wait',
    );
    await fleet.sql.query(`UPDATE channel_outbox SET status = 'sent', external_id = $2 WHERE id = $1`, [id, wamid]);
    await rowIs(id, { status: 'delivered' });
  });

  it('another channel’s number tells nothing', async () => {
    const other = await fleet.open();
    const id = await aSentRow('sending', null);
    const body = whatsAppHook(
      whatsAppChange(other.account, {
        statuses: [{ id: aWamid(), status: 'read', biz_opaque_callback_data: `parley:${id}` }],
      }),
    );
    expect((await fleet.hook(other, body)).status).toBe(200);
    await eventually(async () => (await fleet.inbox(other.id))[0]?.reason ?? undefined, 'the status to be looked at');
    expect(await rowIs(id, { status: 'sending' })).toBeDefined();
    await fleet.sql.query('DELETE FROM channel_inbox WHERE channel_id = $1', [other.id]);
  });
});
