export { EmbeddedPostgres, type EmbeddedPostgresOptions, type StartedPostgres } from './embedded-postgres';
export { AlreadyRunningError, EmbeddedPostgresError } from './errors';
export { isSameProcessAlive, processIdentity } from './process-identity';
