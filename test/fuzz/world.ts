import { Client } from '../support/client';
import { aClient, aSession } from '../support/sessions';
import type { FuzzRequest, Login } from './fuzz-request';
import { nameOf } from './fuzz-request';
import { HandOffs } from './hand-offs';
import type { Kind, TextKind, Whose } from './placeholders';
import { claimsOf, signedToken } from './tokens';
import { CREDENTIALS } from './schema-values';
import type { Reply } from './wire';

/** It is in everything that the victim owns: whoever reads it somewhere has seen what is not theirs. */
export const VICTIMS_SECRET = 'the-victims-own-words-4711';
const GONE_ID = 987_654_321;
const KEPT = 200;
/** Tokens that nobody here uses up. */
const PLENTY = 1_000_000_000;

type Actor = 'alice' | 'bob' | 'admin';
/** They are deleted on the way. */
const UPLOADS = 8;
/** Batches between two looks at what people have taken over, which cost a dozen requests each. */
const BATCHES_OF_HAND_OFFS = 3;
/** One pixel. */
const TINY_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const CHANNELS = CREDENTIALS.map((credentials) => ({
  type: 'phone_number_id' in credentials ? 'whatsapp' : 'url' in credentials ? 'mattermost' : 'instagram',
  name: 'Ours',
  credentials,
}));

export type Things = Record<Kind | TextKind, (number | string)[]>;

const noThings = (): Things => ({
  persona: [], conversation: [], message: [], turn: [], workspace: [], user: [], budget: [], experiment: [], cursor: [], refresh_token: [], username: [], upload: [], client: [], session: [], support_session: [], escalation: [], webhook: [], channel: [], delivery: [],
}); // prettier-ignore

/** Who is there and what they have: it fills in placeholders, and learns from answers what there is to ask for next. */
export class World {
  private readonly clients = new Map<Actor, Client>();
  private readonly owned: Record<Actor | 'victim', Things> = {
    alice: noThings(),
    bob: noThings(),
    admin: noThings(),
    victim: noThings(),
  };
  private readonly deadTokens = new Map<Login, string>();
  private readonly handOffs = new HandOffs();
  private batches = 0;
  victimId = 0;

  private constructor(private readonly url: string) {}

  static async create(url: string, secretKey: string): Promise<World> {
    const world = new World(url);
    // The first account is the admin.
    for (const actor of ['admin', 'alice', 'bob'] as const) {
      world.clients.set(actor, await Client.register(url, `${actor}@example.com`));
      world.owned[actor].username.push(`${actor}@example.com`);
      await world.furnish(actor);
    }
    await world.setPrices();
    await world.createVictim();
    await world.createDeadTokens(secretKey);
    return world;
  }

  /** Null for a request without a login. */
  tokenOf(login: Login): string | null {
    if (login === 'none') return null;
    return login === 'alice' || login === 'bob' || login === 'admin'
      ? this.clients.get(login)!.token
      : (this.deadTokens.get(login) ?? null);
  }

  /** What stands for a placeholder in a request of this login. */
  find(login: Login, kind: Kind | TextKind, whose: Whose, n: number): number | string {
    if (whose === 'gone') return GONE_ID + n;
    const owner = whose === 'foreign' ? 'victim' : login === 'bob' || login === 'admin' ? login : 'alice';
    const things = this.owned[owner][kind];
    return things.at(-1 - (n % Math.max(1, things.length))) ?? GONE_ID;
  }

  /** Remembers what an answer has told about. */
  learn(request: FuzzRequest, reply: Reply): void {
    const { login } = request;
    if (reply.status >= 300 || !reply.body.startsWith('{')) return;
    const things = this.owned[login === 'bob' || login === 'admin' ? login : 'alice'];
    const body = JSON.parse(reply.body) as Record<string, unknown>;
    const add = (kind: Kind | TextKind, value: unknown): void => {
      if (typeof value !== 'number' && typeof value !== 'string') return;
      if (things[kind].includes(value)) return;
      things[kind].push(value);
      if (things[kind].length > KEPT) things[kind].shift();
    };
    add('cursor', body.next_cursor);
    add('refresh_token', body.refresh_token);
    switch (nameOf(request.operation)) {
      case 'POST /escalations':
        return add('escalation', body.id);
      case 'POST /webhooks':
        return add('webhook', body.id);
      case 'POST /channels':
        return add('channel', body.id);
      case 'GET /webhooks/{webhook_id}/deliveries':
        return (body.deliveries as { id: number }[]).forEach(({ id }) => add('delivery', id));
      case 'POST /auth/register':
        return add('username', body.username);
      case 'POST /personas':
        return add('persona', body.id);
      case 'POST /personas/{persona_id}/experiments':
        return add('experiment', body.id);
      case 'POST /budgets':
        return add('budget', body.id);
      case 'POST /clients':
        return add('client', body.id);
      case 'POST /sessions':
        add('conversation', body.conversation_id);
        return add('session', body.id);
      case 'POST /api/v1/chat/session':
        return add('support_session', body.sessionId);
      case 'POST /chat/conversations':
        return add('conversation', body.id);
      case 'POST /sessions/{session_id}/messages':
      case 'POST /chat/conversations/{conversation_id}/send': {
        add('turn', body.turn_id ?? body.id);
        add('message', (body.user_message as { id?: number } | null)?.id);
        return add('message', (body.assistant_message as { id?: number } | null)?.id);
      }
      default:
    }
  }

  /** Between batches: whoever was logged out logs in again, and whoever has lost everything gets something new. */
  async restore(): Promise<void> {
    for (const [actor, client] of this.clients) await this.patiently(() => this.restoreOf(actor, client));
    this.batches += 1;
    if (this.batches % BATCHES_OF_HAND_OFFS !== 0) return;
    const all = [...this.clients];
    await Promise.all(
      all.map(([actor, client]) => this.patiently(() => this.handOffs.restore(client, this.owned[actor]))),
    );
  }

  private async restoreOf(actor: Actor, client: Client): Promise<void> {
    const me = await client.request<unknown>('GET', '/auth/me');
    if (me.status === 401) await this.logIn(actor, client);
    await this.replaceBudgets(actor, client);
    await this.openDoor(actor, client);
    const [persona] = this.owned[actor].persona.slice(-1);
    const [conversation] = this.owned[actor].conversation.slice(-1);
    const isGone = async (path: string): Promise<boolean> => (await client.request('GET', path)).status === 404;
    if ((await isGone(`/personas/${persona}`)) || (await isGone(`/chat/conversations/${conversation}`))) {
      await this.furnish(actor);
    }
  }

  /** Requests that were cut off have nobody who waits for them: a logout or a removal may come in between. */
  private async patiently(work: () => Promise<void>): Promise<void> {
    for (let left = 3; ; left -= 1) {
      try {
        return await work();
      } catch (error) {
        if (left === 1) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  /** A support chat, and sessions in it: what the fuzzer removes is made again. */
  private async openDoor(actor: Actor, client: Client): Promise<void> {
    const { persona, workspace, support_session: sessions } = this.owned[actor];
    for (const persona_id of persona) {
      const door = await client.request('PUT', `/workspaces/${workspace[0]}/support-door`, { persona_id });
      if (door.status === 200) break;
    }
    for (let count = 0; count < 3; count += 1) {
      const { body } = await client.request<{ sessionId: string }>('POST', '/api/v1/chat/session', {});
      sessions.push(body.sessionId);
    }
  }

  /** Channels whose other side cannot be reached. */
  private async openChannels(actor: Actor, persona_id: number): Promise<void> {
    for (const body of CHANNELS) {
      const path = '/channels';
      const made = await this.clients.get(actor)!.request<{ id: number }>('POST', path, { ...body, persona_id });
      if (made.status === 201) this.owned[actor].channel.push(made.body.id);
    }
  }

  /** Small ones would refuse every message from then on. */
  private async replaceBudgets(actor: Actor, client: Client): Promise<void> {
    const { body } = await client.request<{ budgets: { id: number; limit: number }[] }>('GET', '/budgets?limit=200');
    const small = body.budgets.filter(({ limit }) => limit < PLENTY);
    for (const { id } of small) await client.request('DELETE', `/budgets/${id}`);
    if (small.length === body.budgets.length) this.owned[actor].budget.push(await client.budget(PLENTY));
  }

  private async logIn(actor: Actor, client: Client): Promise<void> {
    client.token = '';
    const { status, body } = await client.request<{ access_token: string }>('POST', '/auth/login', {
      username: `${actor}@example.com`,
      password: 'password123',
    });
    if (status !== 200) throw new Error(`${actor} could not log in again: ${status} ${JSON.stringify(body)}`);
    client.token = body.access_token;
  }

  /** Personas and conversations to begin with; three pages of each with a small limit. */
  private async furnish(actor: Actor): Promise<void> {
    const client = this.clients.get(actor)!;
    const things = this.owned[actor];
    for (let round = 0; round < 3; round += 1) {
      // One of them keeps its context at the upstream, so that there is something to look at.
      const persona = await client.persona({
        name: `Persona ${round}`,
        ...(round === 2 ? { conversation_state: 'hybrid' } : {}),
        // One that may answer visitors.
        ...(round === 1 ? { visibility: 'workspace' } : {}),
      });
      const conversation = await client.conversation(persona);
      const { body } = await client.send(conversation, 'hello');
      things.persona.push(persona);
      // A draft is there for all of them; the others can be compared by who fuzzes.
      if (round === 0) things.experiment.push(await client.experiment(persona));
      else await client.request('POST', `/personas/${persona}/versions`, {});
      things.conversation.push(conversation);
      things.message.push(body.user_message.id, body.assistant_message.id);
      things.turn.push(body.turn_id);
      const session = await aSession(client, { persona_id: persona });
      things.client.push(session.client_id);
      things.session.push(session.id);
      if (round === 1) await this.openChannels(actor, persona);
    }
    const me = await client.request<{ workspace_id: number; id: number }>('GET', '/auth/me');
    things.workspace.push(me.body.workspace_id);
    things.user.push(me.body.id);
    await this.openDoor(actor, client);
    await this.handOffs.restore(client, things);
    // What they set themselves they mostly get wrong.
    for (let count = 0; count < 3; count += 1) things.budget.push(await client.budget(PLENTY));
    for (let count = 0; count < UPLOADS; count += 1) things.upload.push(await this.upload(client));
    for (const path of ['/personas?limit=1', '/chat/conversations?limit=1']) {
      const page = await client.request<{ next_cursor: string }>('GET', path);
      things.cursor.push(page.body.next_cursor);
    }
  }

  /** What only the admin can do, done once: by chance it seldom succeeds. */
  private async setPrices(): Promise<void> {
    const client = this.clients.get('admin')!;
    const { id } = await client.price();
    await client.price();
    await client.request('PATCH', `/prices/${id}`, { input_usd_per_mtok: 3 });
    await client.request('DELETE', `/prices/${id}`);
  }

  private async upload(client: Client): Promise<string> {
    const response = await fetch(`${this.url}/chat/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', authorization: `Bearer ${client.token}` },
      body: Buffer.from(TINY_PNG, 'base64'),
    });
    if (response.status !== 201) throw new Error(`an upload answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  private async createVictim(): Promise<void> {
    const client = await Client.register(this.url, 'victim@example.com');
    const persona = await client.persona({ name: VICTIMS_SECRET, system_instructions: VICTIMS_SECRET });
    const conversation = await client.conversation(persona);
    const { body } = await client.send(conversation, VICTIMS_SECRET);
    const upload = await this.upload(client);
    const about = await aClient(client, { name: VICTIMS_SECRET, email: `${VICTIMS_SECRET}@example.com` });
    const session = await aSession(client, { persona_id: persona, client_id: about.id, goals: [VICTIMS_SECRET] });
    const me = await client.request<{ workspace_id: number }>('GET', '/auth/me');
    this.victimId = client.userId;
    Object.assign(this.owned.victim, {
      persona: [persona],
      experiment: [await client.experiment(persona)],
      conversation: [conversation],
      message: [body.user_message.id, body.assistant_message.id],
      turn: [body.turn_id],
      upload: [upload],
      client: [about.id],
      session: [session.id],
      workspace: [me.body.workspace_id],
      user: [client.userId],
      budget: [await client.budget(PLENTY)],
      ...(await this.handOffs.ofVictim(client, me.body.workspace_id, conversation, VICTIMS_SECRET)),
    });
  }

  private async createDeadTokens(secretKey: string): Promise<void> {
    const ended = await Client.register(this.url, 'ended@example.com');
    await ended.request('POST', '/auth/logout');
    const claims = claimsOf(this.clients.get('alice')!.token);
    const now = Math.floor(Date.now() / 1000);
    this.deadTokens.set('ended', ended.token);
    this.deadTokens.set('expired', signedToken(secretKey, { ...claims, iat: now - 1000, exp: now - 100 }));
    this.deadTokens.set('forged', signedToken('another-secret-another-secret-another', { ...claims, exp: now + 600 }));
    this.deadTokens.set('garbage', 'not-a-token');
  }
}
