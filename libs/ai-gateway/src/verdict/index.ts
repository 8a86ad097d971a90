export { isVerdictWanted } from './is-verdict-wanted';
export { NO_VERDICT, VERDICT_INSTRUCTIONS, VERDICT_SCHEMA, VERDICT_TOKENS } from './verdict';
export { VerdictProvider } from './verdict-provider';
