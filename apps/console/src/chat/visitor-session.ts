import { createVisitor, type components, type Visitor } from '@parley/client';
import { fromHistory, type ChatMessage, type HistoryMessage } from './messages';

/** Which support chat it is, and for whom. */
export interface ChatOptions {
  /** Where the backend is. */
  baseUrl: string;
  /** The public key of a workspace's support chat; undefined: that of the default workspace. */
  publicKey?: string;
  /** What the website calls the visitor. */
  userId?: string;
  /** A token with which the website's server vouches for the visitor. */
  userToken?: string;
}

/** How many older messages come at once. */
const EARLIER = 50;

/** Begins a session. @throws ParleyError */
export async function beginSession({ baseUrl, publicKey, userId, userToken }: ChatOptions): Promise<string> {
  const visitor = createVisitor({ baseUrl, publicKey });
  const body = { userId, userToken };
  const begun = await visitor.request<components['schemas']['SupportSessionResponse']>(
    'POST',
    '/api/v1/chat/session',
    body,
  );
  return begun.sessionId;
}

export const visitorOf = ({ baseUrl, publicKey }: ChatOptions, sessionId: string): Visitor =>
  createVisitor({ baseUrl, publicKey, sessionId });

/** What was said before. @throws ParleyError */
export async function earlierMessages(
  visitor: Visitor,
  sessionId: string,
  beforeSeq: number,
): Promise<{ messages: ChatMessage[]; hasMore: boolean }> {
  const path = `/api/v1/chat/history/${sessionId}?beforeSeq=${beforeSeq}&limit=${EARLIER}`;
  const page = await visitor.request<{ messages: HistoryMessage[]; hasMore: boolean }>('GET', path);
  return { messages: page.messages.map(fromHistory), hasMore: page.hasMore };
}

/** @throws ParleyError */
export async function endSession(visitor: Visitor, sessionId: string): Promise<void> {
  await visitor.request('POST', `/api/v1/chat/session/${sessionId}/end`);
}

/** How the visitor was helped by a person: whether that is asked, and what was said. */
export interface RatingState {
  asked: boolean;
  /** 1 to 5; null: nothing was said yet. */
  rating: number | null;
}

/** Tells it with a `rating`, 1 to 5. @throws ParleyError */
export const ratingOf = (visitor: Visitor, sessionId: string, rating?: number): Promise<RatingState> => {
  const path = `/api/v1/chat/session/${sessionId}/rating`;
  return rating === undefined ? visitor.request('GET', path) : visitor.request('PUT', path, { rating });
};
