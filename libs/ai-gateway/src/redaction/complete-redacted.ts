import type { Citation, CompletionHooks, CompletionProvider, CompletionRequest, CompletionResult } from '../provider';
import { ProviderError } from '../provider';
import { PLACEHOLDER } from './placeholders';
import { insideJson, type Redaction } from './redaction';
import { RestoredReply } from './restored-reply';

/**
 * Asks the model without telling it what is private: the request goes with placeholders, and everything that comes back (pieces, text, tool calls, citations, and
 * what was written before a failure) has the values again. Without redaction it is the provider's own `complete`.
 * @throws as `CompletionProvider.complete`
 */
export async function completeRedacted(
  provider: CompletionProvider,
  redaction: Redaction | null,
  request: CompletionRequest,
  hooks: CompletionHooks,
): Promise<CompletionResult> {
  if (redaction === null) return provider.complete(request, hooks);
  const isJson = request.responseFormat !== undefined;
  const reply = new RestoredReply(redaction, (text) => hooks.onDelta(text), isJson ? insideJson : undefined);
  const sent = redaction.redactRequest(request);
  try {
    const result = await provider.complete(sent, {
      ...hooks,
      onDelta: (text) => reply.add(text),
      onToolCall: (call) => hooks.onToolCall?.(redaction.restoreWithin(call)),
    });
    await reply.end();
    await lookUpWhatIsIn([result.toolCalls, result.citations], redaction);
    return {
      ...result,
      text: reply.text,
      toolCalls: redaction.restoreWithin(result.toolCalls),
      citations: restoredCitations(result, redaction, isJson ? insideJson : undefined),
    };
  } catch (error) {
    await reply.end();
    if (error instanceof ProviderError) {
      await lookUpWhatIsIn(error.toolCalls, redaction);
      error.partialText = reply.text;
      error.toolCalls = redaction.restoreWithin(error.toolCalls);
    }
    throw error;
  }
}

/** A copy at the upstream may have told tools what the text does not say. */
async function lookUpWhatIsIn(details: unknown, redaction: Redaction): Promise<void> {
  if (redaction.isWorthLookingUp(JSON.stringify(details))) await redaction.lookUp();
}

/** Citations name places of the text as it was written; the values are longer or shorter than what stood for them. */
function restoredCitations(
  { text, citations }: CompletionResult,
  redaction: Redaction,
  escape: ((value: string) => string) | undefined,
): Citation[] {
  if (citations.length === 0) return citations;
  const shifts = [...text.matchAll(PLACEHOLDER)].map(({ index, 0: written }) => ({
    end: index + written.length,
    by: redaction.restore(written, escape).length - written.length,
  }));
  const moved = (place: number): number => shifts.reduce((sum, { end, by }) => (end <= place ? sum + by : sum), place);
  return redaction.restoreWithin(citations).map((citation) => ({
    ...citation,
    start_index: moved(citation.start_index),
    end_index: moved(citation.end_index),
  }));
}
