import { Client, type Problem } from '../support/client';
import { type Parley, startParley } from '../support/parley';

interface Persona {
  id: number;
  workspace_id: number;
  owner_id: number | null;
  name: string;
  description: string;
  system_instructions: string;
  prompt_template: string;
  version: number;
  visibility: string;
  [field: string]: unknown;
}

interface PersonaPage {
  personas: Persona[];
  has_more: boolean;
  next_cursor: string | null;
}

interface VersionPage {
  versions: (Persona & { is_current: boolean })[];
  has_more: boolean;
  next_cursor: string | null;
}

describe('personas', () => {
  let parley: Parley;
  let admin: Client;
  let user: Client;
  let stranger: Client;

  beforeAll(async () => {
    parley = await startParley();
    admin = await Client.register(parley.url);
    user = await Client.register(parley.url);
    stranger = await Client.register(parley.url);
  });
  afterAll(() => parley.stop());

  const create = (fields: object, client = user) => client.request<Persona & Problem>('POST', '/personas', fields);
  const aPersona = async (fields: object = {}, client = user): Promise<Persona> =>
    (await create({ name: 'Alex', ...fields }, client)).body;

  it('needs a login', async () => {
    const { status } = await new Client(() => parley.url).request('GET', '/personas');
    expect(status).toBe(401);
  });

  it('has a support persona with id 1 for the first account', async () => {
    const { status, body } = await admin.request<Persona>('GET', '/personas/1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 1,
      name: 'Parley Support',
      owner_id: null,
      visibility: 'workspace',
      relationship_type: 'other',
      version: 1,
    });
    expect((await user.request('GET', '/personas/1')).status).toBe(404);
  });

  it('makes a persona with everything that can be set', async () => {
    const fields = {
      name: 'Chef',
      description: 'A chef.',
      relationship_type: 'friend',
      system_instructions: 'Talk about food.',
      prompt_template: 'Ask back.',
      model: 'gpt-6-sol',
      temperature: 1.5,
      max_tokens: 300,
      visibility: 'private',
      openai_prompt_id: 'pmpt_1',
    };
    const { status, body } = await create(fields);
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...fields, owner_id: user.userId, version: 1, can_edit: true });
    expect((await user.request('GET', `/personas/${body.id}`)).body).toEqual(body);
  });

  it('makes a persona from a name only: default texts, and the model settings of the instance (null)', async () => {
    const { status, body } = await create({ name: 'Plain' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      description: '',
      relationship_type: 'other',
      model: null,
      temperature: null,
      max_tokens: null,
      openai_prompt_id: null,
    });
    expect(body.system_instructions).toContain('PRIVACY BOUNDARIES');
    expect(body.prompt_template).not.toBe('');
  });

  it('refuses wrong fields with a 422 that names each', async () => {
    const { status, body } = await create({
      name: '',
      temperature: 3,
      max_tokens: 0,
      relationship_type: 'enemy',
      version: 9,
    });
    expect(status).toBe(422);
    expect(body.errors?.map(({ field }) => field).sort()).toEqual([
      'max_tokens',
      'name',
      'relationship_type',
      'temperature',
      'version',
    ]);
  });

  it('makes a version for each change and none for the same content again', async () => {
    const { id } = await aPersona({ description: 'One' });
    const change = async (method: string, body: object) =>
      (await user.request<Persona>(method, `/personas/${id}`, body)).body;
    expect(await change('PUT', { name: 'Alex', description: 'Two' })).toMatchObject({ version: 2, description: 'Two' });
    expect(await change('PUT', { name: 'Alex', description: 'Two' })).toMatchObject({ version: 2 });
    expect(await change('PATCH', { description: 'Two' })).toMatchObject({ version: 2 });
    expect(await change('PATCH', { temperature: 0 })).toMatchObject({ version: 3, temperature: 0, description: 'Two' });
    expect(await change('PATCH', { temperature: null })).toMatchObject({ version: 4, temperature: null });
    const { body: first } = await user.request<VersionPage>('GET', `/personas/${id}/versions?limit=3`);
    expect(first.versions.map(({ version, is_current }) => [version, is_current])).toEqual([
      [4, true],
      [3, false],
      [2, false],
    ]);
    const { body: rest } = await user.request<VersionPage>(
      'GET',
      `/personas/${id}/versions?limit=3&cursor=${first.next_cursor}`,
    );
    expect(rest).toMatchObject({ versions: [{ version: 1, description: 'One' }], has_more: false, next_cursor: null });
  });

  it('refuses a change to a version that is not the current one any more', async () => {
    const { id } = await aPersona();
    await user.request('PATCH', `/personas/${id}`, { description: 'Mine', expected_version: 1 });
    const { status, body } = await user.request<Problem>('PATCH', `/personas/${id}`, {
      description: 'Too late',
      expected_version: 1,
    });
    expect([status, body.code]).toEqual([409, 'PERSONA.VERSION_CONFLICT']);
    expect((await user.request<Persona>('GET', `/personas/${id}`)).body.description).toBe('Mine');
  });

  it('brings an old version back as a new one', async () => {
    const { id } = await aPersona({ description: 'Good' });
    await user.request('PATCH', `/personas/${id}`, { description: 'Bad' });
    const { status, body } = await user.request<Persona>('POST', `/personas/${id}/versions/1/rollback`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ version: 3, description: 'Good' });
    expect((await user.request('GET', `/personas/${id}/versions/3`)).body).toMatchObject({
      restored_from_version: 1,
      created_by: user.userId,
    });
    const missing = await user.request<Problem>('POST', `/personas/${id}/versions/99/rollback`);
    expect([missing.status, missing.body.code]).toEqual([404, 'PERSONA.VERSION_NOT_FOUND']);
  });

  it("answers 404 for somebody else's persona, whatever is asked", async () => {
    const { id } = await aPersona();
    const attempts: [string, string, object?][] = [
      ['GET', `/personas/${id}`],
      ['PUT', `/personas/${id}`, { name: 'Mine' }],
      ['PATCH', `/personas/${id}`, { name: 'Mine' }],
      ['DELETE', `/personas/${id}`],
      ['GET', `/personas/${id}/versions`],
      ['GET', `/personas/${id}/versions/1`],
      ['POST', `/personas/${id}/versions/1/rollback`],
    ];
    for (const [method, path, body] of attempts) {
      const answer = await stranger.request<Problem>(method, path, body);
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 404, 'PERSONA.NOT_FOUND']);
    }
    const { body } = await stranger.request<PersonaPage>('GET', '/personas');
    expect(body.personas).toEqual([]);
    expect((await stranger.request<Problem>('POST', '/chat/conversations', { persona_id: id })).status).toBe(404);
    expect((await create({ name: 'Intruder', workspace_id: 1 }, stranger)).status).toBe(404);
  });

  it('lists page by page, by relationship, and by a part of the name', async () => {
    const lister = await Client.register(parley.url);
    for (const [name, relationship_type] of [
      ['Anna', 'friend'],
      ['Bob', 'parent'],
      ['Joanna', 'friend'],
    ]) {
      await create({ name, relationship_type }, lister);
    }
    const list = async (query: string) => (await lister.request<PersonaPage>('GET', `/personas?${query}`)).body;
    const names = ({ personas }: PersonaPage) => personas.map(({ name }) => name);
    const first = await list('limit=2');
    expect([names(first), first.has_more]).toEqual([['Joanna', 'Bob'], true]);
    const second = await list(`limit=2&cursor=${first.next_cursor}`);
    expect([names(second), second.has_more, second.next_cursor]).toEqual([['Anna'], false, null]);
    expect(names(await list('relationship_type=friend&q=jo'))).toEqual(['Joanna']);
    expect(names(await list('q=ANNA'))).toEqual(['Joanna', 'Anna']);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=x', 'relationship_type=enemy', `q=${'x'.repeat(101)}`, 'page=2'])(
    'refuses the list query %s with 422',
    async (query) => {
      expect((await user.request('GET', `/personas?${query}`)).status).toBe(422);
    },
  );

  it.each(['0', '-1', 'x', '1.5', '99999999999999999999'])('refuses %s as an id with 422', async (id) => {
    expect((await user.request('GET', `/personas/${id}`)).status).toBe(422);
  });

  it('deletes: gone for its owner, while what was said stays readable', async () => {
    const { id } = await aPersona();
    const conversationId = await user.conversation(id);
    expect((await user.request('DELETE', `/personas/${id}`)).status).toBe(204);
    expect((await user.request('GET', `/personas/${id}`)).status).toBe(404);
    expect((await user.request('DELETE', `/personas/${id}`)).status).toBe(404);
    expect((await user.request('GET', `/chat/conversations/${conversationId}`)).status).toBe(200);
    expect((await user.request('POST', '/chat/conversations', { persona_id: id })).status).toBe(404);
  });

  it('suggests texts that can be sent as they are, the same every time, and saves nothing', async () => {
    const idea = { name: 'Coach', relationship_type: 'colleague', traits: ['calm', 'precise'], language: 'German' };
    const suggest = () =>
      user.request<{ description: string; system_instructions: string; prompt_template: string }>(
        'POST',
        '/personas/generate',
        idea,
      );
    const before = (await user.request<PersonaPage>('GET', '/personas?limit=200')).body.personas.length;
    const { status, body } = await suggest();
    expect(status).toBe(200);
    expect((await suggest()).body).toEqual(body);
    expect(body.description).toContain('calm and precise');
    expect((await user.request<PersonaPage>('GET', '/personas?limit=200')).body.personas).toHaveLength(before);
    expect((await create({ name: 'Coach', relationship_type: 'colleague', ...body })).body).toMatchObject(body);
  });
});
