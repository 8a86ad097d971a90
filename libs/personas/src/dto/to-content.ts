import { type PersonaContent } from '../persona';
import { DEFAULT_PROMPT_TEMPLATE, DEFAULT_SYSTEM_INSTRUCTIONS } from '../prompts';
import { type CreatePersonaDto, type PersonaContentDto } from './persona.dto';
import { toAnswerCaching, toPiiRedaction } from './privacy.dto';
import { toResponseFormat } from './upstream-settings.dto';

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
};

/** The order of these pairs means nothing: another one is no new version. */
const sorted = (pairs: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1)));

export const toNewContent = (dto: CreatePersonaDto): PersonaContent => ({
  ...DEFAULTS,
  ...toChangedContent(dto),
  name: dto.name,
});

/** Only what was sent; null becomes the default. */
export function toChangedContent(dto: CreatePersonaDto | PersonaContentDto): Partial<PersonaContent> {
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
    openaiPromptVersion: dto.openai_prompt_version,
    openaiPromptVariables: dto.openai_prompt_variables && sorted(dto.openai_prompt_variables),
    conversationState: dto.conversation_state,
    fallbackModels: dto.fallback_models,
    tools: dto.tools?.map((tool) => tool.toTool()),
    responseFormat: dto.response_format && toResponseFormat(dto.response_format),
    metadata: dto.metadata && sorted(dto.metadata),
    serviceTier: dto.service_tier,
    piiRedaction: dto.pii_redaction && toPiiRedaction(dto.pii_redaction),
    answerCache: dto.answer_cache && toAnswerCaching(dto.answer_cache),
    sessionTimeoutMs: dto.session_timeout_ms,
  };
  return Object.fromEntries(
    Object.entries(sent)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, value ?? DEFAULTS[field as keyof typeof DEFAULTS]]),
  );
}
