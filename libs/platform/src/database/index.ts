export * from './connection-options';
export * from './database';
export * from './database-identity';
export * from './database.module';
export * from './pg-errors';
export * from './run-migrations';
