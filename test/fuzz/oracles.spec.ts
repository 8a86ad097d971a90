import type { Operation } from '../support/openapi';
import type { FuzzRequest } from './fuzz-request';
import { faultsOf } from './oracles';
import { ResponseSchemas } from './response-schemas';
import type { Reply } from './wire';
import { VICTIMS_SECRET } from './world';

const schemas = new ResponseSchemas({
  components: {
    schemas: {
      Thing: {
        type: 'object',
        properties: {
          id: { type: 'number' },
          name: { type: 'string', nullable: true },
          at: { nullable: true, allOf: [{ type: 'string' }] },
        },
        required: ['id'],
      },
    },
  },
});
const operation: Operation = {
  method: 'GET',
  path: '/things/{thing_id}',
  parameters: [],
  body: null,
  responses: {
    200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
    404: {},
    422: {},
    500: {},
  },
  isPublic: false,
};
const request: FuzzRequest = {
  operation,
  documented: operation,
  method: 'GET',
  path: '/things/@@persona:own:0@@',
  query: '',
  login: 'alice',
  headers: [],
  contentType: null,
  body: null,
  delivery: { type: 'whole' },
  copies: 1,
};

const answer = (status: number, body: unknown, type = 'application/json'): Reply => ({
  status,
  headers: new Map([
    ['content-type', type],
    ['x-request-id', 'r-1'],
  ]),
  body: JSON.stringify(body),
});
const problem = (status: number, more: Record<string, unknown> = {}): Reply =>
  answer(
    status,
    { type: 'urn:x', title: 'T', status, detail: 'D', code: 'THING.GONE', request_id: 'r-1', ...more },
    'application/problem+json',
  );
const faults = (reply: Reply, change: Partial<FuzzRequest> = {}): string =>
  faultsOf({ ...request, ...change }, reply, { schemas }).join('; ');

describe('the judge of fuzzed answers', () => {
  it('finds nothing wrong with what is documented', () => {
    expect(faults(answer(200, { id: 1, name: null, at: null }))).toBe('');
    expect(faults(problem(404))).toBe('');
    expect(faults(problem(422, { errors: [{ field: 'a', message: 'b' }] }))).toBe('');
  });

  it.each([
    ['a fault on our side', problem(500), 'answered 500'],
    ['a body that is no problem document', answer(404, {}), 'is no problem document'],
    ['a problem without a code', problem(404, { code: '' }), 'has no code'],
    ['a problem of another status', problem(404, { status: 400 }), 'names another status'],
    ['a 422 without fields', problem(422), '422 names no field'],
    [
      'a 422 with a field without a name',
      problem(422, { errors: [{ field: '', message: 'b' }] }),
      '422 names no field',
    ],
    ['an undocumented status', problem(409), 'status 409 is not documented'],
    ['a missing field', answer(200, { name: 'x' }), "must have required property 'id'"],
    ['a wrong type', answer(200, { id: '1' }), 'must be number'],
    [
      'a field that no schema tells of',
      answer(200, { id: 1, password_hash: 'x' }),
      'must NOT have additional properties',
    ],
    ['a stack trace', problem(404, { detail: 'Error: x\n    at Foo.bar (/app/dist/x.js:1:2)' }), 'shows a stack trace'],
    ['SQL', problem(404, { detail: 'SELECT id FROM users' }), 'shows SQL'],
    [
      'an error of the database',
      problem(404, { detail: 'duplicate key value violates unique constraint "x"' }),
      'shows SQL',
    ],
    ['somebody else’s words', answer(200, { id: 1, name: VICTIMS_SECRET }), "shows the victim's words"],
  ])('finds %s', (_name, reply, fault) => {
    expect(faults(reply)).toContain(fault);
  });

  it('finds that somebody got in who must not', () => {
    const reply = answer(200, { id: 1 });
    expect(faults(reply, { login: 'none' })).toContain('let somebody in without a login');
    expect(faults(reply, { login: 'expired' })).toContain('let somebody in without a login');
    expect(faults(reply, { path: '/things/@@persona:foreign:0@@' })).toContain('belongs to another');
  });
});
