import { knownShutdowns } from '../../model-watch/known-shutdowns';
import type { JsonObject } from '../untyped-json';

/** OpenAI's models without an announced end, as of 2026-11. */
const CURRENT = [
  'gpt-6-luna',
  'gpt-6-sol',
  'gpt-6-astra',
  'gpt-6.1-terra',
  'gpt-6.1-sol',
  'gpt-5.6-luna',
  'gpt-5.6-terra',
];

/** OpenAI's list of models: the current ones, and those that end and have not ended yet. The simulator itself answers for any name. */
export function simulatedModels(now: Date): JsonObject {
  const today = now.toISOString().slice(0, 10);
  const ending = knownShutdowns().filter(({ date }) => date > today);
  const all = [
    ...CURRENT.map((id) => ({ id, shutdown_date: null })),
    ...ending.map(({ model: id, date }) => ({ id, shutdown_date: date })),
  ];
  return {
    object: 'list',
    data: all.map((model) => ({ object: 'model', created: 1767225600, owned_by: 'simulator', ...model })),
  };
}
