export { applicationName } from './application-name';
export * from './connection-budget';
export * from './connection-options';
export * from './database';
export * from './database-identity';
export * from './database.module';
export * from './pg-errors';
export * from './run-migrations';
export * from './server-limits';
