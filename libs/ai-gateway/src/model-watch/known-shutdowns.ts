/** A shutdown that OpenAI has announced. */
export interface KnownShutdown {
  /** YYYY-MM-DD */
  date: string;
  /** The model that OpenAI names in its place. */
  replacement: string;
}

/** When this list was taken over. */
export const KNOWN_SHUTDOWNS_AS_OF = '2026-11-21';

const on = (date: string, ...models: string[]): [string, KnownShutdown][] =>
  models.map((model) => [model, { date, replacement: 'gpt-6-luna' }]);

/**
 * From OpenAI's page of deprecations (platform.openai.com/docs/deprecations), as of KNOWN_SHUTDOWNS_AS_OF: for models that `GET /models` does not
 * list any more, and for what to take instead. What the upstream itself says counts first.
 */
const KNOWN_SHUTDOWNS: ReadonlyMap<string, KnownShutdown> = new Map([
  ...on('2026-10-23', 'gpt-3.5-turbo', 'gpt-4', 'gpt-4-turbo', 'o1', 'o3-mini', 'o4-mini', 'gpt-4.1-nano'),
  ...on('2026-12-11', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'o3'),
  ...on('2027-01-14', 'gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'),
]);

/** What is known of a model; of a dated snapshot (`gpt-4o-2024-11-20`, `gpt-4-0613`) and of a fine-tuned one (`ft:gpt-4o:…`) what is known of its base. */
export function knownShutdownOf(model: string): KnownShutdown | undefined {
  const base = (/^ft:([^:]+):/.exec(model)?.[1] ?? model).replace(/-(\d{4}-\d{2}-\d{2}|\d{4})$/, '');
  return KNOWN_SHUTDOWNS.get(model) ?? KNOWN_SHUTDOWNS.get(base);
}

/** All of them, for the simulator's list of models. */
export const knownShutdowns = (): { model: string; date: string }[] =>
  [...KNOWN_SHUTDOWNS].map(([model, { date }]) => ({ model, date }));
