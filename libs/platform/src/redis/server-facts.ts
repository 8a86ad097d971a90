import type { RedisTarget } from '../config';

/** What a server says about itself in answer to INFO. */
export interface ServerFacts {
  /** `Redis` or `Valkey`. */
  product: string;
  version: string;
  /** What it does when its memory is full. */
  evictionPolicy: string | undefined;
  isClusterNode: boolean;
  isSentinel: boolean;
  isReplica: boolean;
}

/** What follows from the facts: a reason not to start, and things that work but should be changed. */
export interface Verdict {
  refusal: string | undefined;
  warnings: string[];
}

/** BullMQ's `RedisConnection.minimumVersion` and `recommendedMinimumVersion`. */
const OLDEST = [5, 0] as const;
const OLDEST_RECOMMENDED = [6, 2] as const;

/** Reads the text of INFO. What is missing (some hosted servers hide a part) counts as fine. */
export function readFacts(info: string): ServerFacts {
  const fields = new Map(
    info.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  const valkey = fields.get('valkey_version');
  return {
    product: valkey === undefined ? 'Redis' : 'Valkey',
    version: valkey ?? fields.get('redis_version') ?? '',
    evictionPolicy: fields.get('maxmemory_policy'),
    isClusterNode: fields.get('cluster_enabled') === '1',
    isSentinel: fields.get('redis_mode') === 'sentinel',
    isReplica: fields.get('role') === 'slave',
  };
}

/** Whether Parley can work with that server, reached in that way. Every sentence continues after the variable's name. */
export function judge(facts: ServerFacts, mode: RedisTarget['mode']): Verdict {
  const warnings: string[] = [];
  // Not refused: evicted wake-ups make answers slower, and the reconciler finds every turn. An outage would be the worse service.
  if (facts.evictionPolicy !== undefined && facts.evictionPolicy !== 'noeviction') {
    warnings.push(
      `its maxmemory-policy is ${facts.evictionPolicy}, so it throws jobs away when its memory is full. Set it to noeviction: CONFIG SET maxmemory-policy noeviction, and the same in its configuration file.`,
    );
  }
  if (isOlder(facts.version, OLDEST_RECOMMENDED)) {
    warnings.push(`${facts.product} ${facts.version} is old; ${OLDEST_RECOMMENDED.join('.')} or newer is recommended.`);
  }
  if (facts.isReplica && mode === 'standalone') {
    warnings.push('it is a replica, which takes no jobs. Name the master, or the sentinels (redis+sentinel://).');
  }
  return { refusal: refusalOf(facts, mode), warnings };
}

function refusalOf(facts: ServerFacts, mode: RedisTarget['mode']): string | undefined {
  if (isOlder(facts.version, OLDEST)) {
    return `${facts.product} ${facts.version} is too old: ${OLDEST.join('.')} or newer (any Valkey) is needed. Update it, or leave QUEUE_URL out: the queue then lives in PostgreSQL.`;
  }
  if (facts.isSentinel) {
    return 'it is a sentinel. Begin the URL with redis+sentinel:// and end it with the name of the master.';
  }
  if (facts.isClusterNode && mode !== 'cluster') {
    return 'it is a node of a cluster. Begin the URL with redis+cluster:// (rediss+cluster:// for TLS).';
  }
  if (!facts.isClusterNode && mode === 'cluster') {
    return 'it is not a cluster. Begin the URL with redis:// (rediss:// for TLS).';
  }
  return undefined;
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, haveMajor, haveMinor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (haveMajor === undefined) return false;
  return Number(haveMajor) < major || (Number(haveMajor) === major && Number(haveMinor) < minor);
}
