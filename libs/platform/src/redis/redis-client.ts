import type { RedisTarget } from '../config';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';

export type RedisClient = Redis | Cluster;

/**
 * What a connection is for. A worker waits for Redis to come back, however long that takes; whoever puts something in fails fast, because
 * the database has it already and waiting would pile up memory.
 */
export type RedisPurpose = 'queue' | 'worker' | 'publish';

export const CONNECT_TIMEOUT_MS = 3000;
/** A server that hangs must not keep callers waiting; a healthy one answers within a few milliseconds. */
const COMMAND_TIMEOUT_MS = 2000;
/** A failover that no answer told of is noticed after this. */
const SLOTS_REFRESH_MS = 5000;
const MAX_RETRY_MS = 2000;

const retryDelay = (times: number): number => Math.min(times * 100, MAX_RETRY_MS);

/** Opens a connection that reconnects by itself until it is closed. The caller must listen to its `error` event. */
export function createRedis(target: RedisTarget, purpose: RedisPurpose): RedisClient {
  const isWorker = purpose === 'worker';
  const options: RedisOptions = {
    ...loginOptions(target),
    connectionName: `parley-${purpose}`,
    retryStrategy: retryDelay,
    // A write that meets a replica was sent to a server that has just lost its role: connect again, and send it to the new master.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    maxRetriesPerRequest: isWorker ? null : 1,
    enableOfflineQueue: isWorker,
    commandTimeout: isWorker ? undefined : COMMAND_TIMEOUT_MS,
  };
  if (target.mode === 'cluster') return new Cluster(target.nodes, clusterOptions(target, options));
  return new Redis({ ...options, ...addressOptions(target) });
}

/** A plain connection that never reconnects: to the server itself, the master of the sentinels, or the given node of a cluster. */
export function createSingleRedis(target: RedisTarget, name: string, nodeIndex = 0): Redis {
  const node = target.nodes[nodeIndex % target.nodes.length]!;
  return new Redis({
    ...loginOptions(target),
    ...(target.mode === 'cluster' ? node : addressOptions(target)),
    connectionName: `parley-${name}`,
    lazyConnect: true,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
}

/** A plain connection to one of the sentinels. */
export function createSentinelRedis(target: RedisTarget, nodeIndex: number): Redis {
  return new Redis({
    ...target.nodes[nodeIndex]!,
    username: target.sentinel?.username,
    password: target.sentinel?.password,
    tls: tlsOptions(target),
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableReadyCheck: false,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
}

const tlsOptions = (target: RedisTarget): RedisOptions['tls'] => (target.isTls ? {} : undefined);

function loginOptions(target: RedisTarget): RedisOptions {
  return {
    username: target.username,
    password: target.password,
    db: target.database,
    tls: tlsOptions(target),
    connectTimeout: CONNECT_TIMEOUT_MS,
  };
}

function addressOptions(target: RedisTarget): RedisOptions {
  if (target.sentinel === undefined) return { ...target.nodes[0] };
  return {
    sentinels: target.nodes,
    name: target.sentinel.master,
    sentinelUsername: target.sentinel.username,
    sentinelPassword: target.sentinel.password,
    sentinelTLS: tlsOptions(target),
    enableTLSForSentinelMode: target.isTls,
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    sentinelRetryStrategy: retryDelay,
  };
}

function clusterOptions(target: RedisTarget, redisOptions: RedisOptions): ClusterOptions {
  return {
    redisOptions,
    clusterRetryStrategy: retryDelay,
    enableOfflineQueue: redisOptions.enableOfflineQueue,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    slotsRefreshTimeout: COMMAND_TIMEOUT_MS,
    // A certificate names hosts, so names must not be turned into addresses before the connection is made.
    ...(target.isTls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
  };
}
