/** Copies of conversations at the upstream that nothing here refers to any more. */
export class CopiesToDeleteResponse {
  /** @example 0 */
  waiting: number;

  /** Of these, how many could not be deleted five times or more: the log says why.
   * @example 0 */
  failing: number;
}

/** Whether the AI can be reached. */
export class ChatHealthResponse {
  /** `healthy` when messages can be answered.
   * @example healthy */
  status: 'healthy' | 'unhealthy';

  /** `connected` after a real check of the upstream (at most 30 seconds old); `simulator` while no key is set.
   * @example connected */
  openai_api: 'connected' | 'disconnected' | 'simulator';

  /** @example openai */
  provider: 'openai' | 'compatible' | 'simulator';

  /** The model that answers when a persona names none.
   * @example gpt-6-luna */
  model: string;

  /** Why it is not connected, else null.
   * @example null */
  error_code: string | null;

  /** At most 30 seconds old; null while the database does not say. */
  copies_to_delete: CopiesToDeleteResponse | null;

  /** `open` while workers send nothing to the model API because it failed too often; `half_open` while one call tries it. Null: not known now.
   * @example closed */
  breaker: 'closed' | 'open' | 'half_open' | null;

  /** Models that are held back until their rate limit allows calls again. Null: not known now.
   * @example 0 */
  held_models: number | null;
}
