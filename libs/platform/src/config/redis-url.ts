/** One Redis or Valkey server, or one of several. */
export interface RedisNode {
  host: string;
  port: number;
}

/** Where Redis is and how to log in there: a `QUEUE_URL`, taken apart. */
export interface RedisTarget {
  mode: 'standalone' | 'sentinel' | 'cluster';
  /** The server itself, the sentinels, or some nodes of the cluster (it tells the others). At least one. */
  nodes: RedisNode[];
  isTls: boolean;
  username: string | undefined;
  password: string | undefined;
  /** Number of the logical database; always 0 on a cluster. */
  database: number;
  /** Only with sentinels. */
  sentinel: { master: string; username: string | undefined; password: string | undefined } | undefined;
}

/** A URL that cannot be used, and the fix. Never repeats a part of the URL that may be secret. */
export class RedisUrlProblem extends Error {}

const FORM = /^(redis|rediss|valkey|valkeys)(?:\+(sentinel|cluster))?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/is;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i;
const PORTS = { standalone: 6379, sentinel: 26_379, cluster: 6379 };
const MAX_PORT = 65_535;
const EXAMPLES = {
  standalone: 'redis://:password@host:6379/0',
  sentinel: 'redis+sentinel://:password@host1:26379,host2:26379/master-name',
  cluster: 'redis+cluster://:password@host1:6379,host2:6379',
};

export const isRedisUrl = (text: string): boolean => /^(redis|valkey)s?(\+[a-z]+)?:/i.test(text);

/**
 * Takes `redis://`, `redis+sentinel://` and `redis+cluster://` URLs apart; `rediss…` is the same over TLS, `valkey…` the same by its other name.
 * @throws RedisUrlProblem with a sentence that continues after the variable's name
 */
export function parseRedisUrl(text: string): RedisTarget {
  const [, scheme, kind, authority, path = '', query = ''] = FORM.exec(text) ?? [];
  if (scheme === undefined || authority === undefined) {
    const known = Object.values(EXAMPLES).join(' or ');
    throw new RedisUrlProblem(
      `is not a Redis URL that can be read. It looks like ${known} (rediss for TLS); write special characters of a password as %40 and so on.`,
    );
  }
  const mode = (kind?.toLowerCase() ?? 'standalone') as RedisTarget['mode'];
  const at = authority.lastIndexOf('@');
  const nodes = readNodes(authority.slice(at + 1), mode);
  const [username, password] = readCredentials(at < 0 ? '' : authority.slice(0, at), mode);
  const { master, database } = readPath(decode(path).replace(/\/$/, ''), mode);
  const parameters = readQuery(query, mode);
  return {
    mode,
    nodes,
    isTls: /^(rediss|valkeys)$/i.test(scheme),
    username,
    password,
    database,
    sentinel:
      mode === 'sentinel'
        ? {
            master,
            username: parameters.get('sentinel_username') ?? undefined,
            password: parameters.get('sentinel_password') ?? undefined,
          }
        : undefined,
  };
}

/** The target for people, without user and password. */
export function describeRedis({ mode, nodes, isTls, database, sentinel }: RedisTarget): string {
  const scheme = `redis${isTls ? 's' : ''}${mode === 'standalone' ? '' : `+${mode}`}`;
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  const path = [sentinel?.master, database === 0 ? undefined : database].filter((part) => part !== undefined);
  return `${scheme}://${[hosts, ...path].join('/')}`;
}

function readNodes(list: string, mode: RedisTarget['mode']): RedisNode[] {
  const nodes = list.split(',').map((item) => {
    const [, host, port = String(PORTS[mode])] = HOST.exec(item) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > MAX_PORT) {
      throw new RedisUrlProblem(
        `has a host or port that cannot be read. It looks like ${EXAMPLES[mode]}; write @ / ? # , : of a password as %40 %2F %3F %23 %2C %3A.`,
      );
    }
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  });
  if (mode === 'standalone' && nodes.length > 1) {
    throw new RedisUrlProblem(
      'names several hosts. Begin it with redis+sentinel:// or redis+cluster:// (rediss+… for TLS), whichever they are.',
    );
  }
  return nodes;
}

function readCredentials(text: string, mode: RedisTarget['mode']): [string | undefined, string | undefined] {
  if (text === '') return [undefined, undefined];
  const colon = text.indexOf(':');
  if (colon < 0) {
    throw new RedisUrlProblem(`has a user but no password. A password alone has a colon before it: ${EXAMPLES[mode]}.`);
  }
  const [username, password] = [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
  return [username === '' ? undefined : username, password === '' ? undefined : password];
}

function readPath(path: string, mode: RedisTarget['mode']): { master: string; database: number } {
  const [first = '', second, ...rest] = path.split('/');
  const [master, number = ''] = mode === 'sentinel' ? [first, second] : ['', first];
  const hasMore = rest.length > 0 || (mode !== 'sentinel' && second !== undefined);
  if (mode === 'sentinel' && master === '') {
    throw new RedisUrlProblem(
      `lacks the name under which the sentinels know the master: ${EXAMPLES.sentinel}. Often it is mymaster.`,
    );
  }
  if (hasMore || !/^\d{0,4}$/.test(number)) {
    throw new RedisUrlProblem(`has a path that cannot be read. It looks like ${EXAMPLES[mode]}.`);
  }
  if (mode === 'cluster' && Number(number) !== 0) {
    throw new RedisUrlProblem('names a numbered database. A cluster has none; leave the number out.');
  }
  return { master, database: Number(number) };
}

function readQuery(query: string, mode: RedisTarget['mode']): URLSearchParams {
  const parameters = new URLSearchParams(query);
  const known = mode === 'sentinel' ? ['sentinel_username', 'sentinel_password'] : [];
  if ([...parameters.keys()].some((name) => !known.includes(name))) {
    throw new RedisUrlProblem(
      known.length === 0
        ? 'has parameters after a question mark; none are known. Write a ? in a password as %3F.'
        : `has unknown parameters; known are ${known.join(' and ')}. Write a ? in a password as %3F.`,
    );
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlProblem('has a % that is not part of an encoded character. Write a % in a password as %25.');
  }
}
