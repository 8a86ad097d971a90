import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { supportSession } from '../support/support-session';

interface Rules {
  workspace_id: number;
  persona_id: number | null;
  source: string;
  is_enabled: boolean;
  rules: { keywords: { words: string[]; by_language: Record<string, string[]> }; confidence_below: number | null };
}

interface Backtest {
  messages: number;
  conversations: number;
  escalated_conversations: number;
  triggers: { kind: string; messages: number }[];
  hits: {
    conversation_id: number;
    message_id: number;
    seq: number;
    is_first: boolean;
    triggers: { kind: string; evidence: string }[];
  }[];
  is_complete: boolean;
  has_more: boolean;
  next_cursor: string | null;
}

describe('escalation rules', () => {
  let parley: Parley;
  let owner: Client;
  let workspaceId: number;
  let personaId: number;

  beforeAll(async () => {
    parley = await startParley();
    owner = await Client.register(parley.url);
    workspaceId = (await owner.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id;
    personaId = await owner.persona({ visibility: 'workspace' });
  });
  afterAll(async () => parley.stop());

  const rules = (query = ''): Promise<{ status: number; body: Rules }> =>
    owner.request<Rules>('GET', `/escalations/rules${query}`);
  const backtest = async (body: Record<string, unknown>): Promise<Backtest> => {
    const answer = await owner.request<Backtest>('POST', '/escalations/rules/backtest', body);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };

  it("a persona's rules go before the workspace's, and those before the installation's", async () => {
    const first = await rules(`?persona_id=${personaId}`);
    expect(first.body).toMatchObject({ source: 'default', is_enabled: true, persona_id: personaId });
    expect(first.body.rules.keywords.words).toContain('urgent');
    expect(first.body.rules.keywords.by_language.de).toContain('Notfall');

    const ofWorkspace = await owner.request<Rules>('PUT', '/escalations/rules', { keywords: { words: ['boss'] } });
    expect(ofWorkspace.body).toMatchObject({
      source: 'workspace',
      workspace_id: workspaceId,
      persona_id: null,
      rules: { keywords: { words: ['boss'], by_language: {} }, confidence_below: 0.5 },
    });
    const ofPersona = await owner.request<Rules>('PUT', `/escalations/rules?persona_id=${personaId}`, {
      is_enabled: false,
      confidence_below: null,
    });
    expect(ofPersona.body).toMatchObject({ source: 'persona', is_enabled: false, rules: { confidence_below: null } });

    expect((await owner.request('DELETE', `/escalations/rules?persona_id=${personaId}`)).status).toBe(204);
    expect((await rules(`?persona_id=${personaId}`)).body).toMatchObject({ source: 'workspace' });
    expect((await owner.request('DELETE', '/escalations/rules')).status).toBe(204);
    const gone = await owner.request<Problem>('DELETE', '/escalations/rules');
    expect(gone).toMatchObject({ status: 404, body: { code: 'ESCALATION.RULES_NOT_FOUND' } });
    expect((await rules()).body).toMatchObject({ source: 'default' });
  });

  it('are the business of owners', async () => {
    const stranger = await Client.register(parley.url);
    for (const [method, path] of [
      ['GET', '/escalations/rules'],
      ['PUT', '/escalations/rules'],
      ['DELETE', '/escalations/rules'],
    ] as const) {
      const answer = await stranger.request<Problem>(
        method,
        `${path}?workspace_id=${workspaceId}`,
        method === 'PUT' ? {} : undefined,
      );
      expect(answer).toMatchObject({ status: 404, body: { code: 'WORKSPACE.NOT_FOUND' } });
    }
    const tried = await stranger.request<Problem>('POST', '/escalations/rules/backtest', { workspace_id: workspaceId });
    expect(tried.status).toBe(404);
    const foreign = await stranger.request<Problem>('PUT', `/escalations/rules?persona_id=${personaId}`, {});
    expect(foreign).toMatchObject({ status: 422, body: { errors: [{ field: 'persona_id' }] } });
  });

  it.each([
    ['keywords', { keywords: { words: ['...'] } }],
    ['keywords', { keywords: { words: ['x'.repeat(101)] } }],
    ['keywords', { keywords: { words: Array.from({ length: 501 }, (_, n) => `w${n}`) } }],
    [
      'keywords',
      { keywords: { words: Array.from({ length: 500 }, (_, n) => `${n}`.padEnd(100, 'x')), except: ['not urgent'] } },
    ],
    ['keywords', { keywords: { by_language: { german: ['dringend'] } } }],
    ['keywords', { keywords: { by_language: { de: 'dringend' } } }],
    ['confidence_below', { confidence_below: 1.1 }],
    ['low_confidence_streak', { low_confidence_streak: { turns: 1, below: 0.5 } }],
    ['sentiment', { sentiment: { threshold: 0.5 } }],
    ['business_hours', { business_hours: { time_zone: '+02:00', weekly: [] } }],
    ['business_hours', { business_hours: { time_zone: 'UTC', weekly: [{ day: 8, from: '09:00', to: '17:00' }] } }],
    ['business_hours', { business_hours: { time_zone: 'UTC', weekly: [], holidays: ['2026-02-30'] } }],
    ['texts', { texts: { hand_off: { text: ' ' } } }],
    ['priority', { priority: 4 }],
  ] as [string, Record<string, unknown>][])('bad %s are refused (%#)', async (field, body) => {
    const answer = await owner.request<Problem>('PUT', '/escalations/rules', body);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain(field);
  });

  it('a workspace has so many and no more', async () => {
    const other = await Client.register(parley.url);
    const { body: me } = await other.request<{ workspace_id: number }>('GET', '/auth/me');
    const personas = [await other.persona(), await other.persona()];
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    const put = (personaId: number): Promise<{ status: number; body: unknown }> =>
      other.request('PUT', `/escalations/rules?persona_id=${personaId}`, {});
    try {
      // Personas in the table alone: the door to them is slow.
      await sql.query(
        `WITH made AS (
           INSERT INTO personas (workspace_id, owner_id, visibility) SELECT $1, $2, 'private' FROM generate_series(1, 199) RETURNING id
         ), versions AS (
           INSERT INTO persona_versions (persona_id, version, name, description, relationship_type, system_instructions, prompt_template)
           SELECT id, 1, 'Alex', '', 'friend', '', '' FROM made
         ) INSERT INTO escalation_rules (workspace_id, persona_id, is_enabled, rules) SELECT $1, id, true, '{}' FROM made`,
        [me.workspace_id, other.userId],
      );
      expect((await put(personas[0]!)).status).toBe(200);
      expect(await put(personas[1]!)).toMatchObject({ status: 409, body: { code: 'ESCALATION.TOO_MANY_RULES' } });
      expect((await put(personas[0]!)).status).toBe(200);
    } finally {
      await sql.end();
    }
  });

  describe('tried on what was said', () => {
    const said = [
      ['Where is my order?', 'I want a refund', 'It is URGENT, a refund!'],
      ['Thank you', 'insurgent detergent'],
      ['hello', 'I am so angry'],
    ];
    const conversations: number[] = [];

    beforeAll(async () => {
      const sql = new Postgres({ connectionString: parley.database.url });
      await sql.connect();
      for (const texts of said) {
        const [session] = await supportSession(parley.database.url, personaId);
        conversations.push(session!.conversationId);
        for (const text of texts) {
          const answer = await fetch(`${parley.url}/api/v1/chat/message`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ sessionId: session!.sessionId, message: text }),
          });
          expect(answer.status).toBe(200);
        }
      }
      // It is stored encrypted, and decrypted in the process.
      const { rows } = await sql.query<{ content: string }>(
        `SELECT content FROM messages WHERE conversation_id = ANY($1::bigint[])`,
        [conversations],
      );
      expect(rows.every(({ content }) => content.startsWith('enc:'))).toBe(true);
      await sql.end();
    });

    it('says which messages would have brought a person in, and why', async () => {
      const result = await backtest({ persona_id: personaId, rules: { keywords: { words: ['refund', 'urgent'] } } });
      expect(result).toMatchObject({ messages: 7, conversations: 3, escalated_conversations: 1, is_complete: true });
      expect(result.hits).toMatchObject([
        {
          conversation_id: conversations[0],
          seq: 3,
          is_first: true,
          triggers: [{ kind: 'keyword', evidence: 'refund: I want a refund' }],
        },
        {
          conversation_id: conversations[0],
          // After the reply and the notice that somebody comes.
          seq: 6,
          is_first: false,
          triggers: [{ kind: 'keyword', evidence: 'urgent, refund: It is URGENT, a refund!' }],
        },
      ]);
    });

    it('takes the rules that count when none are given', async () => {
      const result = await backtest({ persona_id: personaId });
      expect(result.hits.map(({ conversation_id }) => conversation_id)).toEqual([
        conversations[0],
        conversations[0],
        conversations[2],
      ]);
      expect(result.triggers).toContainEqual({ kind: 'keyword', messages: 3 });
    });

    it('comes in pages that together are the whole', async () => {
      const whole = await backtest({ persona_id: personaId });
      const hits: Backtest['hits'] = [];
      let cursor: string | null = null;
      for (let page = 0; page < 5; page += 1) {
        const part: Backtest = await backtest({ persona_id: personaId, limit: 1, cursor });
        if (page === 0) expect(part).toMatchObject({ messages: 7, escalated_conversations: 2, is_complete: true });
        hits.push(...part.hits);
        cursor = part.next_cursor;
        if (!part.has_more) break;
      }
      expect(hits).toEqual(whole.hits);
    });

    it('goes on where the limit of messages ended it', async () => {
      const whole = await backtest({ persona_id: personaId });
      const hits: Backtest['hits'] = [];
      let messages = 0;
      let cursor: string | null = null;
      do {
        const part: Backtest = await backtest({ persona_id: personaId, max_messages: 2, cursor });
        expect(part.messages).toBeLessThanOrEqual(2);
        hits.push(...part.hits);
        messages += part.messages;
        cursor = part.next_cursor;
      } while (cursor !== null);
      expect(messages).toBe(7);
      expect(hits).toEqual(whole.hits);
    });

    it('looks at the time that was asked for', async () => {
      const later = new Date(Date.now() + 3_600_000).toISOString();
      expect(await backtest({ persona_id: personaId, from: later })).toMatchObject({ messages: 0, hits: [] });
      expect(await backtest({ persona_id: personaId, to: later })).toMatchObject({ messages: 7 });
    });

    it('does not look at what members say for themselves', async () => {
      const mine = await owner.conversation(personaId);
      await owner.send(mine, 'refund, says the owner');
      expect((await backtest({ persona_id: personaId })).messages).toBe(8);
      const sql = new Postgres({ connectionString: parley.database.url });
      await sql.connect();
      const { userId } = await Client.register(parley.url);
      await sql.query('UPDATE conversations SET user_id = $2 WHERE id = $1', [mine, userId]);
      await sql.end();
      expect((await backtest({ persona_id: personaId })).messages).toBe(7);
    });

    it('refuses cursors and times that are none', async () => {
      for (const [field, value] of [
        ['cursor', 'nonsense'],
        ['cursor', Buffer.from('[1,2]').toString('base64url')],
        ['from', '2026-11-21'],
        ['to', 'tomorrow'],
      ] as const) {
        const answer = await owner.request<Problem>('POST', '/escalations/rules/backtest', { [field]: value });
        expect(answer).toMatchObject({ status: 422 });
        expect(answer.body.detail).toContain(field);
      }
    });
  });
});
