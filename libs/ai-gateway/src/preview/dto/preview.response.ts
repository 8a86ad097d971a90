import { CitationResponse, MessageUsageResponse, ToolCallResponse } from '@app/conversations';
import { ApiProperty } from '@nestjs/swagger';
import type { PreviewAnswer } from '../preview-caller';
import type { Preview } from '../preview';
import { messageUsage } from '../../message-usage';

const MICROS_PER_USD = 1_000_000;
const STATUSES = ['completed', 'truncated'] as const;

/** What would have been the reply. It has no id: nobody keeps it. */
export class PreviewedMessageResponse {
  /** @example assistant */
  role: 'assistant';

  /** @example "Hey there! How are you?" */
  content: string;

  /** `truncated`: cut at the length limit.
   * @example completed */
  @ApiProperty({ enum: STATUSES })
  status: (typeof STATUSES)[number];

  /** @example gpt-6-luna */
  model_used: string;

  /** How sure the model says it is, 0 to 1; null when nobody asked it, or it did not say.
   * @example 0.9 */
  confidence: number | null;

  /** The model says that a person should take over.
   * @example false */
  needs_human: boolean;

  tool_calls: ToolCallResponse[];

  citations: CitationResponse[];
}

export class PreviewResponse {
  /** @example 7 */
  persona_id: number;

  /** The version that answered.
   * @example 4 */
  version: number;

  /** `changes` made it differ from what is stored.
   * @example false */
  is_changed: boolean;

  assistant_message: PreviewedMessageResponse;

  /** Null when the upstream did not say.  */
  @ApiProperty({ type: MessageUsageResponse, nullable: true })
  usage: MessageUsageResponse | null;

  /** Null when no price of the model is known.
   * @example 0.00012 */
  cost_usd: number | null;

  /** @example 310 */
  first_token_ms: number | null;

  /** @example 870 */
  total_ms: number;

  static from({ persona, isChanged }: Preview, { result, costUsdMicros }: PreviewAnswer): PreviewResponse {
    return {
      persona_id: persona.personaId,
      version: persona.version,
      is_changed: isChanged,
      assistant_message: {
        role: 'assistant',
        content: result.text,
        status: result.finish === 'max_tokens' ? 'truncated' : 'completed',
        model_used: result.model,
        confidence: result.verdict?.confidence ?? null,
        needs_human: result.verdict?.needsHuman ?? false,
        tool_calls: result.toolCalls,
        citations: result.citations,
      },
      usage: messageUsage(result.usage, false),
      cost_usd: costUsdMicros === null ? null : costUsdMicros / MICROS_PER_USD,
      first_token_ms: result.firstTokenMs === null ? null : Math.round(result.firstTokenMs),
      total_ms: Math.round(result.totalMs),
    };
  }
}
