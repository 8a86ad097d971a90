import type { ChannelAdapter } from '../core/channel-adapter';
import type { Obstacle, OutboxHead } from './outbox-row';

/** What an answer to the question depends on. */
export type SendQuestion = Pick<
  OutboxHead,
  | 'messageId'
  | 'author'
  | 'kind'
  | 'owner'
  | 'isAiStopped'
  | 'isOptedOut'
  | 'quietMs'
  | 'isChannelEnabled'
  | 'problemCode'
  | 'isGone'
  | 'isFromBefore'
> & {
  window: Pick<ChannelAdapter, 'windowMs' | 'hasTemplates'>;
  /** The channel has a template to send when the window is closed. */
  hasTemplate: boolean;
};

export type SendDecision =
  | { kind: 'send'; as: 'text' | 'template' }
  /** It is not to be sent any more. */
  | { kind: 'skip'; reason: Obstacle }
  /** The channel does not work: it waits until somebody has changed that. */
  | { kind: 'wait' }
  /** It cannot be sent; somebody may try again later. */
  | { kind: 'give-up'; reason: 'window-closed' };

/** The one place that says whether something may leave now, and as what. Asked just before each attempt, while nobody else can take the conversation over. */
export function canSend(question: SendQuestion): SendDecision {
  if (question.isGone) return { kind: 'skip', reason: 'deleted' };
  if (!question.isChannelEnabled) return { kind: 'skip', reason: 'channel-off' };
  if (
    question.author === 'assistant' &&
    (question.owner === 'human' || question.isAiStopped || question.isFromBefore)
  ) {
    return { kind: 'skip', reason: 'people-answer' };
  }
  // That they get no more messages is told to those who want none.
  if (question.isOptedOut && question.messageId !== null) return { kind: 'skip', reason: 'opted-out' };
  if (question.problemCode !== null) return { kind: 'wait' };
  // Once the other system has said that the window is closed, our own clock does not count.
  if (question.kind === 'text' && isWindowOpen(question)) return { kind: 'send', as: 'text' };
  if (question.window.hasTemplates && question.hasTemplate) return { kind: 'send', as: 'template' };
  return { kind: 'give-up', reason: 'window-closed' };
}

function isWindowOpen({ window: { windowMs }, quietMs }: SendQuestion): boolean {
  return windowMs === null || (quietMs !== null && quietMs < windowMs);
}
