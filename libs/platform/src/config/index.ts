export * from './config';
export * from './config.module';
export { ConfigError, type ConfigProblem } from './env-reader';
export * from './limits.config';
export * from './load-env';
export * from './local-secrets';
export * from './openai.config';
export { queueSecrets, type QueueConfig } from './queue-url';
export { describeRedis, parseRedisUrl, type RedisNode, type RedisTarget } from './redis-url';
