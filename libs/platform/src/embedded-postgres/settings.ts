/** Names of the parameters that only our own server has; they say which process started it. */
export const OWNER_PARAMETER = 'parley.owner';

/** Command line of the server: what must not be changed by a file. */
export function serverArguments(cluster: string, port: number, owner: string, extra: Record<string, string>): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // TCP with a password only: a socket file would need a short path and a folder that both users can reach.
    unix_socket_directories: '',
    fsync: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    // The client is told about its own errors; duplicates refused by a constraint are everyday business here.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    [OWNER_PARAMETER]: owner,
    ...extra,
  };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** PostgreSQL sees none of the application's environment: it holds secrets, and PG* variables would change what it does. */
export function postgresEnv(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].filter((name) => process.env[name] !== undefined);
  return { ...Object.fromEntries(kept.map((name) => [name, process.env[name]])), LC_ALL: 'C', TZ: 'UTC' };
}
