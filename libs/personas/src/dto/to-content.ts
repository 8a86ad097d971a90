import { type PersonaContent } from '../persona';
import { DEFAULT_PROMPT_TEMPLATE, DEFAULT_SYSTEM_INSTRUCTIONS } from '../prompts';
import { type CreatePersonaDto, type UpdatePersonaDto } from './persona.dto';

/** The default texts are written into the version: a later release with other defaults changes no persona. */
const DEFAULTS: Omit<PersonaContent, 'name'> = {
  description: '',
  relationshipType: 'other',
  systemInstructions: DEFAULT_SYSTEM_INSTRUCTIONS,
  promptTemplate: DEFAULT_PROMPT_TEMPLATE,
  model: null,
  temperature: null,
  maxTokens: null,
  openaiPromptId: null,
};

export const toNewContent = (dto: CreatePersonaDto): PersonaContent => ({
  ...DEFAULTS,
  ...toChangedContent(dto),
  name: dto.name,
});

/** Only what was sent; null becomes the default. */
export function toChangedContent(dto: CreatePersonaDto | UpdatePersonaDto): Partial<PersonaContent> {
  const sent: { [Field in keyof PersonaContent]: PersonaContent[Field] | null | undefined } = {
    name: dto.name,
    description: dto.description,
    relationshipType: dto.relationship_type,
    systemInstructions: dto.system_instructions,
    promptTemplate: dto.prompt_template,
    model: dto.model,
    temperature: dto.temperature,
    maxTokens: dto.max_tokens,
    openaiPromptId: dto.openai_prompt_id,
  };
  return Object.fromEntries(
    Object.entries(sent)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, value ?? DEFAULTS[field as keyof typeof DEFAULTS]]),
  );
}
