export { RedisCluster } from './redis-cluster';
export { RedisSentinels } from './redis-sentinels';
export { RedisServer } from './redis-server';
