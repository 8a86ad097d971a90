/** Your use so far. */
export class ChatStatsResponse {
  /** @example 5 */
  total_conversations: number;

  /** Messages that are not deleted, yours and the replies.
   * @example 150 */
  total_messages: number;

  /** Tokens of every attempt whose use is known, also of conversations that were deleted.
   * @example 5000 */
  total_tokens: number;

  /** Tokens of replies that were stopped before the upstream could say: our estimate, not part of `total_tokens`.
   * @example 0 */
  estimated_tokens: number;

  /** Sum of the calls whose price is known, in US dollars.
   * @example 0.01 */
  estimated_cost_usd: number;

  /** Calls that are not in the sum because no price is known for them.
   * @example 0 */
  unpriced_calls: number;
}
