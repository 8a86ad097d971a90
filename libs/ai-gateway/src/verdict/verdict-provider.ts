import {
  type Citation,
  type CompletionHooks,
  type CompletionProvider,
  type CompletionRequest,
  type CompletionResult,
  type ProviderDescription,
  ProviderError,
} from '../provider';
import { ReplyInJson } from './reply-in-json';
import { ReplyWithLine } from './reply-with-line';
import { type ReplyExtractor, VERDICT_LINE_INSTRUCTIONS, VERDICT_SCHEMA } from './verdict';

/** Models are named in persona settings, so the number of names seen is not in our hands. */
const MAX_MODELS = 500;

/** Words of servers that do not say which field they refuse. */
const ABOUT_SCHEMA = /json|structured|response_format|text\.format/i;

/**
 * Has the model judge its own answer where that is wanted: the answer comes as JSON with the reply first, and callers get the reply alone, piece by piece, and the
 * verdict with its end. A model whose server refuses the schema, or answers without it, is asked for a last line instead, from then on. Everything else goes
 * through as it is.
 */
export class VerdictProvider implements CompletionProvider {
  readonly info: ProviderDescription;
  /** Models that do not answer in a schema. */
  private readonly withoutSchema = new Set<string>();

  constructor(private readonly provider: CompletionProvider) {
    this.info = provider.info;
  }

  async complete(request: CompletionRequest, hooks: CompletionHooks): Promise<CompletionResult> {
    if (request.wantsVerdict !== true) return this.provider.complete(request, hooks);
    if (!this.withoutSchema.has(request.model)) {
      try {
        return await this.inSchema(request, hooks);
      } catch (error) {
        if (!isSchemaRefused(error)) throw error;
        this.remember(request.model);
        await hooks.onExtraRequest?.(error);
      }
    }
    const instructions = `${request.instructions}\n\n${VERDICT_LINE_INSTRUCTIONS}`;
    return this.extract({ ...request, instructions }, hooks, () => new ReplyWithLine());
  }

  check(): ReturnType<CompletionProvider['check']> {
    return this.provider.check();
  }

  private async inSchema(request: CompletionRequest, hooks: CompletionHooks): Promise<CompletionResult> {
    const sent = { ...request, responseFormat: VERDICT_SCHEMA };
    const result = await this.extract(sent, hooks, () => new ReplyInJson());
    if (!result.isAsAsked && result.finish === 'stop') this.remember(request.model);
    return result;
  }

  private async extract(
    request: CompletionRequest,
    hooks: CompletionHooks,
    extractorOf: () => ReplyExtractor,
  ): Promise<CompletionResult & { isAsAsked: boolean }> {
    const extractor = extractorOf();
    let text = '';
    const give = (part: string): void => {
      if (part === '') return;
      text += part;
      hooks.onDelta(part);
    };
    try {
      const result = await this.provider.complete(request, {
        ...hooks,
        onDelta: (piece) => give(extractor.add(piece)),
      });
      const isCut = result.finish === 'max_tokens';
      give(extractor.end(isCut));
      if (text.trim() === '') throw emptyAnswer(result);
      return {
        ...result,
        text,
        finish: isCut && extractor.isReplyWhole ? 'stop' : result.finish,
        citations: result.citations.map((citation) => inReply(citation, result.text, extractorOf)),
        verdict: extractor.verdict,
        isAsAsked: extractor.isAsAsked,
      };
    } catch (error) {
      if (error instanceof ProviderError) error.partialText = text;
      throw error;
    }
  }

  private remember(model: string): void {
    if (this.withoutSchema.size >= MAX_MODELS) this.withoutSchema.clear();
    this.withoutSchema.add(model);
  }
}

function isSchemaRefused(error: unknown): error is ProviderError {
  if (!(error instanceof ProviderError)) return false;
  if (error.code === 'UPSTREAM.RESPONSE_FORMAT_REFUSED') return true;
  // Some take a schema, and tools, but not both at once.
  const isRefusal = error.code === 'UPSTREAM.BAD_REQUEST' || error.code === 'UPSTREAM.TOOLS_REFUSED';
  return isRefusal && ABOUT_SCHEMA.test(error.logDetail);
}

/** As when no text has come at all: the reply is what the person gets. */
function emptyAnswer({
  finish,
  usage,
  toolCalls,
  serviceTier,
  firstTokenMs,
  totalMs,
}: CompletionResult): ProviderError {
  const error = new ProviderError('UPSTREAM.EMPTY_ANSWER', {
    // The same limit would be used up again, at the same price; and tools may have done what must not be done twice.
    kind: finish === 'max_tokens' || toolCalls.length > 0 ? 'permanent' : 'retryable',
    usage,
    logDetail: 'the answer has a verdict and no reply',
  });
  return Object.assign(error, { toolCalls, serviceTier, firstTokenMs, totalMs });
}

/** Citations name places of the whole answer; the reply begins later, and escapes in it are longer than what they stand for. */
function inReply(citation: Citation, answer: string, extractorOf: () => ReplyExtractor): Citation {
  const place = (index: number): number => extractorOf().add(answer.slice(0, index)).length;
  return { ...citation, start_index: place(citation.start_index), end_index: place(citation.end_index) };
}
