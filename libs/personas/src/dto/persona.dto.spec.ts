import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { DEFAULT_PROMPT_TEMPLATE, DEFAULT_SYSTEM_INSTRUCTIONS } from '../prompts';
import { CreatePersonaDto, UpdatePersonaDto } from './persona.dto';
import { toChangedContent, toNewContent } from './to-content';

async function wrongFields(type: ClassConstructor<object>, body: Record<string, unknown>): Promise<string[]> {
  return (await validate(plainToInstance(type, body))).map((error) => error.property);
}

describe('CreatePersonaDto', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a name only', {}],
    [
      'the bounds',
      {
        name: 'x'.repeat(100),
        description: 'x'.repeat(2000),
        system_instructions: 'x'.repeat(20_000),
        temperature: 2,
        max_tokens: 128_000,
      },
    ],
    [
      'the lower bounds',
      { description: '', system_instructions: '', prompt_template: '', temperature: 0, max_tokens: 1 },
    ],
    [
      'null for defaults',
      { model: null, temperature: null, max_tokens: null, openai_prompt_id: null, system_instructions: null },
    ],
    ['a fine-tuned model', { model: 'ft:gpt-6-luna:my-org::abc123' }],
    ['a model of another server', { model: 'meta-llama/Llama-4:8b' }],
  ])('takes %s', async (_what, fields) => {
    await expect(wrongFields(CreatePersonaDto, { name: 'Alex', ...fields })).resolves.toEqual([]);
  });

  it.each<[string, unknown]>([
    ['name', ''],
    ['name', '   \n '],
    ['name', null],
    ['name', 'x'.repeat(101)],
    ['description', 'x'.repeat(2001)],
    ['description', 5],
    ['relationship_type', 'enemy'],
    ['system_instructions', 'x'.repeat(20_001)],
    ['prompt_template', 'x'.repeat(20_001)],
    ['model', ''],
    ['model', 'gpt 6\nluna'],
    ['temperature', 2.01],
    ['temperature', -0.1],
    ['temperature', '0.5'],
    ['temperature', NaN],
    ['max_tokens', 0],
    ['max_tokens', 128_001],
    ['max_tokens', 1.5],
    ['visibility', 'public'],
    ['openai_prompt_id', 'a b'],
    ['workspace_id', 0],
  ])('refuses a wrong %s: %j', async (field, value) => {
    await expect(wrongFields(CreatePersonaDto, { name: 'Alex', [field]: value })).resolves.toEqual([field]);
  });

  it('puts a name on one line', () => {
    expect(plainToInstance(CreatePersonaDto, { name: ' Al\n  ex ' }).name).toBe('Al ex');
  });
});

describe('UpdatePersonaDto', () => {
  it.each(['name', 'relationship_type', 'visibility', 'expected_version'])(
    'refuses null for %s, which has no default',
    async (field) => {
      await expect(wrongFields(UpdatePersonaDto, { [field]: null })).resolves.toEqual([field]);
    },
  );

  it('takes nothing at all', async () => {
    await expect(wrongFields(UpdatePersonaDto, {})).resolves.toEqual([]);
  });
});

describe('content of a request', () => {
  it('has the default texts, and no model settings of its own, when only a name is given', () => {
    expect(toNewContent(plainToInstance(CreatePersonaDto, { name: 'Alex' }))).toEqual({
      name: 'Alex',
      description: '',
      relationshipType: 'other',
      systemInstructions: DEFAULT_SYSTEM_INSTRUCTIONS,
      promptTemplate: DEFAULT_PROMPT_TEMPLATE,
      model: null,
      temperature: null,
      maxTokens: null,
      openaiPromptId: null,
      openaiPromptVersion: null,
      openaiPromptVariables: null,
      conversationState: null,
      fallbackModels: [],
      tools: [],
      responseFormat: null,
      metadata: {},
      serviceTier: null,
      piiRedaction: null,
      answerCache: null,
      sessionTimeoutMs: null,
    });
  });

  it('keeps an empty text empty: it means none, not the default', () => {
    expect(
      toNewContent(plainToInstance(CreatePersonaDto, { name: 'Alex', system_instructions: '' })).systemInstructions,
    ).toBe('');
  });

  it('of a change is only what was sent, with null as the default', () => {
    const dto = plainToInstance(UpdatePersonaDto, {
      description: 'New',
      temperature: null,
      prompt_template: null,
      visibility: 'workspace',
    });
    expect(toChangedContent(dto)).toEqual({
      description: 'New',
      temperature: null,
      promptTemplate: DEFAULT_PROMPT_TEMPLATE,
    });
  });
});
