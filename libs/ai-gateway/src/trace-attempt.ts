import type { BegunTurn } from '@app/conversations';
import type { Tracing } from '@app/platform';
import type { TurnResult } from './turn-attempt';

/**
 * One attempt as a span of the request that brought the message, whichever worker makes it, and before it the time for which the turn waited.
 * The turn's row knows the request, so neither a lost queue nor a lost worker breaks the trace.
 */
export function traceAttempt(tracing: Tracing, turn: BegunTurn, work: () => Promise<TurnResult>): Promise<TurnResult> {
  if (!tracing.isOn) return work();
  const parent = turn.traceParent;
  tracing.record('turn.wait', { parent, startedAt: Date.now() - Math.max(0, turn.queueMs) });
  const attributes = {
    'parley.turn_id': turn.turnId,
    'parley.conversation_id': turn.conversationId,
    'parley.persona_id': turn.personaId,
    'parley.persona_version': turn.personaVersion,
    'parley.channel': turn.channel,
    'parley.attempt': turn.attempt,
    'parley.is_takeover': turn.isTakeover,
  };
  return tracing.span('turn.attempt', { kind: 'consumer', parent, attributes }, async (span) => {
    const result = await work();
    span?.set({ 'parley.result': result });
    return result;
  });
}
