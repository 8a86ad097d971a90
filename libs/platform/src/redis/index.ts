export { checkQueueServer } from './check-queue-server';
export { claimPrefix } from './claim-prefix';
export { createSingleRedis, type RedisClient } from './redis-client';
export { RedisConnections } from './redis-connections';
export { RedisRefusedError } from './redis-trouble';
export { RedisModule } from './redis.module';
