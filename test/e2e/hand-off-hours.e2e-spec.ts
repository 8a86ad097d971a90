import { eventually } from '../support/process';
import { runJob } from '../support/run-job';
import { SupportWorld } from '../support/support-world';
import type { Agent, EscalationView } from '../support/team';
import type { Visitor } from '../support/visitor';

const HOUR_MS = 3_600_000;
const HAND_OFF = 'I have asked a colleague to take over. Somebody will answer you here.';
const NOBODY = 'We are asleep. Somebody answers in the morning.';

/** People are there from the next full minute that is two hours from now on, for an hour a week. */
function closedNow(): { opens: Date; business_hours: object } {
  const opens = new Date(Math.ceil((Date.now() + 2 * HOUR_MS) / 60_000) * 60_000);
  const clock = (at: Date): string => at.toISOString().slice(11, 16);
  return {
    opens,
    business_hours: {
      time_zone: 'UTC',
      weekly: [{ day: opens.getUTCDay() || 7, from: clock(opens), to: clock(new Date(opens.getTime() + HOUR_MS)) }],
    },
  };
}

describe('hours, silence and promises', () => {
  let world: SupportWorld;
  let dana: Agent;

  beforeAll(async () => {
    world = await SupportWorld.start({
      ESCALATION_DRAFTS: 'false',
      CONTEXT_SUMMARY: 'false',
    });
    ({ dana } = world);
    await world.parley.startWorker();
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    world.upstream.reset();
    await world.sql.query('DELETE FROM escalations');
  });

  const newest = async (): Promise<EscalationView> => (await dana.list('&limit=1'))[0]!;
  /** Both workers know the rules when as many visitors in a row as is likely to meet both are told this. */
  const knownEverywhere = async (isKnown: (message: string, status: string) => boolean): Promise<Visitor> => {
    let inARow = 0;
    return eventually(
      async () => {
        const visitor = await world.visitor();
        const { body } = await visitor.send('I want a refund');
        inARow = isKnown(body.message, body.status) ? inARow + 1 : 0;
        return inARow >= 12 ? visitor : undefined;
      },
      'the rules to be known to both workers',
      120_000,
    );
  };

  it('outside of the hours the customer is told so, waits all the same, and the promise counts from when people are there', async () => {
    const { opens, business_hours } = closedNow();
    await dana.rules({
      business_hours,
      outside_hours: 'queue',
      first_reply_within_s: 1800,
      texts: { outside_hours: { text: NOBODY, by_language: { de: 'Wir schlafen.' } } },
    });
    await knownEverywhere((message) => message.endsWith(`\n\n${NOBODY}`));
    const waiting = await newest();
    expect(waiting).toMatchObject({ status: 'open', owner: 'ai', overdue_at: null });
    expect(Math.abs(Date.parse(waiting.due_at!) - opens.getTime() - 1800_000)).toBeLessThan(1500);
    const german = await world.visitor();
    expect((await german.send('Das ist dringend, ich möchte bitte mein Geld zurück')).body.message).toMatch(
      /\n\nWir schlafen\.$/,
    );
    // The AI goes on meanwhile.
    expect((await german.send('Wann haben Sie geöffnet?')).body.status).toBe('completed');

    // An hour a week is there: what does not fit into this one is due in the next.
    await dana.rules({ business_hours, first_reply_within_s: 5400 });
    await knownEverywhere((message) => !message.includes(NOBODY));
    const week = 7 * 24 * HOUR_MS;
    expect(Math.abs(Date.parse((await newest()).due_at!) - opens.getTime() - week - HOUR_MS / 2)).toBeLessThan(1500);
  });

  it('where the AI is alone outside of the hours, nothing waits and nobody is told that somebody comes; people can still be asked for', async () => {
    const { business_hours } = closedNow();
    await dana.rules({ business_hours, outside_hours: 'ai_only', human_first: true });
    const visitor = await knownEverywhere((message, status) => status === 'completed' && !message.includes('\n\n'));
    await world.sql.query('DELETE FROM escalations');
    const again = await visitor.send('This is urgent, let me talk to a human');
    expect(again.body).toMatchObject({ escalated: false, escalationReason: null, status: 'completed' });
    expect((await visitor.history()).body.messages.map(({ role }) => role)).not.toContain('system');
    expect(await dana.list()).toEqual([]);
    const { rows } = await world.sql.query<{ id: string }>('SELECT max(id) AS id FROM conversations');
    const asked = await dana.client.request('POST', '/escalations', { conversation_id: Number(rows[0]!.id) });
    expect(asked.status).toBe(201);
    expect((await visitor.history()).body.messages.at(-1)).toMatchObject({
      role: 'system',
      content: 'Nobody of the team is here right now. We answer as soon as we are back.',
    });
  });

  it('where models are silent while somebody waits, none speaks from the hand-off on, whoever asked for it', async () => {
    await dana.rules({ while_waiting: 'silent' });
    let visitor: Visitor | undefined;
    let inARow = 0;
    await eventually(
      async () => {
        visitor = await world.visitor();
        expect((await visitor.send('I want a refund')).body.message).toMatch(new RegExp(`\n\n${HAND_OFF}$`));
        inARow = (await visitor.send('Hello?')).body.status === 'handed_off' ? inARow + 1 : 0;
        return inARow >= 12 ? true : undefined;
      },
      'the rules to be known to both workers',
      120_000,
    );
    expect(await newest()).toMatchObject({ status: 'open', owner: 'human', assigned_to: null });
    world.upstream.reset();
    expect((await visitor!.send('Is anybody there?')).body).toMatchObject({ status: 'handed_off', message: '' });
    expect(world.upstream.requests).toHaveLength(0);
    const { id } = await newest();
    await dana.act(id, 'claim');
    expect(await dana.messages(id)).toEqual([
      'user: I want a refund',
      expect.stringMatching(/^assistant: /) as string,
      `system: ${HAND_OFF}`,
      'user: Hello?',
      'user: Is anybody there?',
    ]);
    await dana.act(id, 'return');
    expect((await visitor!.send('When are you open?')).body.status).toBe('completed');

    // By hand, as by the rules.
    const { conversation_id: conversation } = await dana.get(id);
    expect((await dana.client.request('POST', '/escalations', { conversation_id: conversation })).status).toBe(201);
    expect((await newest()).owner).toBe('human');
    world.upstream.reset();
    expect((await visitor!.send('And now?')).body).toMatchObject({ status: 'handed_off', message: '' });
    expect(world.upstream.requests).toHaveLength(0);
  });

  it('a promise of first words that is broken is told once, however many workers look; kept ones are left alone', async () => {
    await dana.rules({ first_reply_within_s: 3600 });
    await knownEverywhere(() => true);
    await eventually(async () => {
      await (await world.visitor()).send('I want a refund');
      return (await newest()).due_at === null ? undefined : true;
    }, 'promises to be made');
    await world.sql.query('DELETE FROM escalations');
    const made = await dana.client.request<{ id: number }>('POST', '/webhooks', {
      workspace_id: dana.workspaceId,
      url: 'https://hook.example.com/',
      events: ['escalation.overdue'],
    });
    expect(made.status).toBe(201);
    const ids: number[] = [];
    for (let count = 0; count < 15; count += 1) {
      await (await world.visitor()).send('I want a refund');
      ids.push((await newest()).id);
    }
    const [answered, claimed, handedBack, ...waiting] = ids as [number, number, number, ...number[]];
    for (const id of [answered, claimed, handedBack]) await dana.act(id, 'claim');
    for (const id of [answered, handedBack]) await dana.act(id, 'replies', { content: 'I am here.' });
    await dana.act(handedBack, 'transfer', {});
    await world.sql.query(
      `UPDATE escalations SET due_at = now() - interval '1 minute' + id * interval '1 millisecond'`,
    );

    await Promise.all([1, 2, 3, 4, 5, 6].map(() => runJob(world.parley, 'escalations.upkeep')));
    await eventually(async () => {
      const late = await dana.list('&overdue=true&limit=100');
      return late.length >= waiting.length + 1 ? true : undefined;
    }, 'the broken promises to be noticed');
    await Promise.all([1, 2].map(() => runJob(world.parley, 'escalations.upkeep')));
    await eventually(async () => {
      const { rows } = await world.sql.query<{ left: number }>(
        `SELECT count(*)::int AS left FROM bullmq.job WHERE name = 'escalations.upkeep' AND state NOT IN ('completed', 'failed', 'delayed')`,
      );
      return rows[0]!.left === 0 ? true : undefined;
    }, 'the jobs to be over');
    const all = await Promise.all(ids.map((id) => dana.get(id)));
    const timesOverdue = all.map(({ history }) => history.filter(({ kind }) => kind === 'overdue').length);
    expect(timesOverdue).toEqual([0, 1, 0, ...waiting.map(() => 1)]);
    expect(all.map(({ priority }) => priority)).toEqual([0, 1, 0, ...waiting.map(() => 1)]);
    expect(all[1]).toMatchObject({ status: 'claimed', owner: 'human', assigned_to: dana.client.userId });
    expect((await dana.list('&overdue=true&limit=100')).map(({ id }) => id).sort((a, b) => a - b)).toEqual([
      claimed,
      ...waiting,
    ]);
    const { rows } = await world.sql.query<{ id: number; times: number }>(
      `SELECT (payload -> 'data' ->> 'escalation_id')::int AS id, count(*)::int AS times FROM webhook_deliveries GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([claimed, ...waiting].map((id) => ({ id, times: 1 })));
  });
});
