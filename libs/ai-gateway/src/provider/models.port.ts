/** As wide as the columns that name models. */
export const MAX_MODEL_ID_LENGTH = 200;

/** One model in the upstream's list. */
export interface ListedModel {
  id: string;
  /** The day on which it is shut down (YYYY-MM-DD); null when none is announced, or the server tells none. */
  shutdownDate: string | null;
}

/** What `GET /models` said. */
export type ModelList =
  | {
      outcome: 'listed';
      models: ListedModel[];
      /** The upstream shows all it has: a model that is not in the list is not there. */
      isComplete: boolean;
      /** The server knows of shutdown dates at all; most others than OpenAI do not. */
      hasShutdownDates: boolean;
    }
  /** The server has no such list, which is no fault. */
  | { outcome: 'unsupported' };

/** Reads the upstream's list of models. */
export interface ModelsApi {
  /** @throws ProviderError when it cannot be read */
  list(): Promise<ModelList>;
}
