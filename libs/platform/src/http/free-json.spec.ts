import { IsFreeJson } from './free-json';
import { StrictValidationPipe } from './strict-validation.pipe';

class NoteDto {
  @IsFreeJson('isNote', (value) => (typeof value === 'object' ? null : 'must be an object'))
  note: unknown;
}

const noteOf = async (json: string): Promise<string> => {
  const body: unknown = JSON.parse(`{"note":${json}}`);
  const dto: unknown = await new StrictValidationPipe().transform(body, { type: 'body', metatype: NoteDto });
  return JSON.stringify((dto as NoteDto).note);
};

describe('JSON of any content', () => {
  it.each([
    '{"constructor":"Ferrari","b":1,"a":2}',
    '{"z":0,"constructor":null,"prototype":{"constructor":[{"prototype":"x"}]},"a":[1,"b",null,true]}',
    '{"toString":"x","hasOwnProperty":1,"then":2,"length":3}',
    '[{"constructor":{}}]',
  ])('is what was sent, with all names in their order: %s', async (json) => expect(await noteOf(json)).toBe(json));

  it('changes no prototype', async () => {
    expect(await noteOf('{"a":1,"constructor":{"__proto__":{"b":2}}}')).toBe('{"a":1,"constructor":{}}');
    expect(await noteOf('{"__proto__":{"b":2},"prototype":1}')).toBe('{"prototype":1}');
    expect(({} as { b?: number }).b).toBeUndefined();
  });

  it('is refused with the name of its field', async () => {
    await expect(noteOf('7')).rejects.toMatchObject({
      extra: { errors: [{ field: 'note', message: 'must be an object.' }] },
    });
  });
});
