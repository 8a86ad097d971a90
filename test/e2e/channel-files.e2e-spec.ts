import { Client } from '../support/client';
import { ChannelFleet, type OpenChannel } from '../support/channel-fleet';
import {
  aPerson,
  type FakePerson,
  graphError,
  instagramHook,
  instagramMessage,
  type Json,
  whatsAppMessage,
} from '../support/fake-graph';
import { aPng } from '../support/pictures';

describe('files that people send through channels', () => {
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

  const send = (content: Json) => fleet.sayAll(channel, person, [whatsAppMessage(person, content)]);

  const file = (kind: string, id: string, more: Json = {}): Json => ({
    type: kind,
    [kind]: { id, mime_type: 'x/y', ...more },
  });
  const input = (): string => JSON.stringify(fleet.upstream.requests.at(-1)?.body);

  it('a picture is seen by the model, with its caption', async () => {
    const { id } = fleet.graph.addMedia(aPng(7, 9), 'image/png');
    await send(file('image', id, { caption: 'What is this?' }));
    await fleet.askedAbout(1);
    expect(input()).toContain('data:image/png;base64,');
    expect(fleet.asked[0]).toBe('What is this?');
  });

  it('a picture of Instagram, too', async () => {
    const gram = await fleet.open('instagram');
    const { url } = fleet.graph.addMedia(aPng(), 'image/png');
    const message = instagramMessage(gram.account, person, { attachments: [{ type: 'image', payload: { url } }] });
    await fleet.hook(gram, instagramHook(gram.account, message));
    await fleet.askedAbout(1);
    expect(input()).toContain('data:image/png;base64,');
  });

  it('pictures that are too large together are seen as far as they fit; the others are stored', async () => {
    const gram = await fleet.open('instagram');
    const urls = [1, 2, 3].map((side) => fleet.graph.addMedia(aPng(side, side, 7_000_000), 'image/png').url);
    const attachments = urls.map((url) => ({ type: 'image', payload: { url } }));
    await fleet.hook(gram, instagramHook(gram.account, instagramMessage(gram.account, person, { attachments })));
    await fleet.askedAbout(1);
    expect(fleet.asked[0]).toMatch(/sent a picture\. It was stored as file \d+/);
    expect(input().match(/data:image\/png;base64,/g)).toHaveLength(2);
    expect(await fleet.settled(gram.id)).toMatchObject([{ status: 'done', attempts: 1 }]);
  });

  it('while one file of a message is waited for, the others are not kept once more with each try', async () => {
    const gram = await fleet.open('instagram');
    const picture = fleet.graph.addMedia(aPng(), 'image/png');
    const bill = fleet.graph.addMedia(Buffer.from('%PDF-not-really'), 'application/pdf');
    const isBill = ({ path }: { path: string }): boolean => path.endsWith(bill.id);
    fleet.graph.always({ type: 'error', error: graphError(2) }, isBill);
    const attachments = [
      { type: 'image', payload: { url: picture.url } },
      { type: 'file', payload: { url: bill.url } },
    ];
    await fleet.hook(gram, instagramHook(gram.account, instagramMessage(gram.account, person, { attachments })));
    await fleet.graph.waitFor(({ calls }) => calls.filter(isBill).length >= 3, 60_000);
    fleet.graph.always(null);
    await fleet.askedAbout(1);
    expect(input()).toContain('data:image/png;base64,');
    const { rows } = await fleet.sql.query(
      'SELECT 1 FROM uploads WHERE user_id = (SELECT user_id FROM channel_identities WHERE channel_id = $1)',
      [gram.id],
    );
    expect(rows).toHaveLength(1);
  });

  it('a voice message is stored for people, and the model is told to say that it cannot listen', async () => {
    const sound = Buffer.from('OggS-not-really');
    const { id } = fleet.graph.addMedia(sound, 'audio/ogg');
    await send(file('audio', id, { voice: true }));
    await fleet.askedAbout(1);
    const [, number] = /stored as file (\d+)/.exec(fleet.asked[0]!) ?? [];
    expect(fleet.asked[0]).toMatch(/Voice message[^]*cannot open it/);
    const answer = await fetch(`${fleet.parley.url}/channels/${channel.id}/files/${number}`, {
      headers: { authorization: `Bearer ${channel.owner.token}` },
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(sound);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    const { rows } = await fleet.sql.query<{ content: Buffer }>('SELECT content FROM channel_files WHERE id = $1', [
      number,
    ]);
    expect(rows[0]?.content.includes(sound)).toBe(false);
    const stranger = await fleet.open();
    expect((await stranger.owner.request('GET', `/channels/${channel.id}/files/${number}`)).status).toBe(404);
    expect((await stranger.owner.request('GET', `/channels/${stranger.id}/files/${number}`)).status).toBe(404);
  });

  it('those who answer an escalation get the files of its messages, and no others', async () => {
    const workspace = (await channel.owner.request<{ workspace_id: number }>('GET', `/channels/${channel.id}`)).body
      .workspace_id;
    const kim = await Client.register(() => fleet.parley.url);
    await fleet.sql.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
      workspace,
      kim.userId,
    ]);
    /** @returns the number of the file, when the model was asked about it or the row is settled */
    const sendSound = async (sound: string, rows: number): Promise<number> => {
      await send(file('audio', fleet.graph.addMedia(Buffer.from(sound), 'audio/ogg').id, { voice: true }));
      await fleet.settled(channel.id, rows);
      const found = await fleet.sql.query<{ id: string }>(
        'SELECT max(id) AS id FROM channel_files WHERE channel_id = $1',
        [channel.id],
      );
      return Number(found.rows[0]!.id);
    };
    const before = await sendSound('OggS-before', 1);
    await fleet.askedAbout(1);
    const [conversation] = await fleet.conversations(channel.id);
    const { body: escalation } = await channel.owner.request<{ id: number }>('POST', '/escalations', {
      conversation_id: Number(conversation!.id),
    });
    const get = async (number: number, who = kim): Promise<{ status: number; body: string; code: unknown }> => {
      const answer = await fetch(`${fleet.parley.url}/escalations/${escalation.id}/files/${number}`, {
        headers: { authorization: `Bearer ${who.token}` },
      });
      const body = await answer.text();
      const { code } = answer.ok ? { code: null } : (JSON.parse(body) as { code: unknown });
      return { status: answer.status, body, code };
    };
    expect(await get(before)).toMatchObject({ status: 404, code: 'ESCALATION.NOT_FOUND' });
    await channel.owner.request('PUT', `/escalations/agents/${kim.userId}`, { workspace_id: workspace });
    expect(await get(before)).toMatchObject({ status: 200, body: 'OggS-before' });
    expect((await kim.request('GET', `/channels/${channel.id}/files/${before}`)).status).toBe(404);
    expect((await kim.request('POST', `/escalations/${escalation.id}/claim`)).status).toBe(200);
    const during = await sendSound('OggS-during', 2);
    expect(await get(during)).toMatchObject({ status: 200, body: 'OggS-during' });
    expect((await kim.request('POST', `/escalations/${escalation.id}/return`, {})).status).toBe(200);
    const after = await sendSound('OggS-after', 3);
    expect(await get(after)).toMatchObject({ status: 404, code: 'ESCALATION.FILE_NOT_FOUND' });
    expect((await get(during)).status).toBe(200);
    const other = await sendOf(aPerson());
    expect(await get(other)).toMatchObject({ status: 404, code: 'ESCALATION.FILE_NOT_FOUND' });
    expect(await get(999_999_999)).toMatchObject({ status: 404, code: 'ESCALATION.FILE_NOT_FOUND' });

    async function sendOf(who: FakePerson): Promise<number> {
      person = who;
      return sendSound('OggS-other', 4);
    }
  });

  it('one that is gone keeps nobody from being answered', async () => {
    await send(file('image', '4712', { caption: 'Look at this' }));
    const other = aPerson();
    await fleet.say(channel, other, 'Are you there?');
    await fleet.graph.waitFor(
      ({ messages }) => [person, other].every(({ phone }) => messages.some(({ to }) => to === phone)),
      60_000,
    );
    expect(fleet.asked.find((text) => text.startsWith('Look at this'))).toMatch(/could not be received/);
    const { body } = await channel.owner.request<{ problem_code: string | null }>('GET', `/channels/${channel.id}`);
    expect(body.problem_code).toBeNull();
  });

  it('one that is gone is said to be missing; one that cannot be had now is waited for', async () => {
    await send(file('document', '4711', { filename: 'bill.pdf' }));
    await fleet.askedAbout(1);
    expect(fleet.asked[0]).toMatch(/bill\.pdf[^]*could not be received/);
    const { id } = fleet.graph.addMedia(aPng(), 'image/png');
    fleet.graph.always({ type: 'error', error: graphError(2) }, ({ accountId }) => accountId === id);
    await send(file('image', id));
    await fleet.graph.waitFor(({ calls }) => calls.some((call) => call.accountId === id && call.endedAt !== null));
    fleet.graph.always(null);
    await fleet.askedAbout(2);
    expect(input()).toContain('data:image/png;base64,');
  });
});
