import { ConfigError } from './config';
import { EmbeddedPostgresError } from './embedded-postgres';
import { RedisRefusedError } from './redis';

/** What a person can do about the usual errors of systems and servers, by their code. */
const ADVICE: Record<string, string> = {
  EACCES:
    'Parley may not use that. Ports below 1024 need privileges: set PORT to a higher one; or check who owns DATA_DIR.',
  EADDRNOTAVAIL: 'HOST is not an address of this machine. Leave it out, or set it to 127.0.0.1 or 0.0.0.0.',
  ENOTFOUND: 'A host name is not known here. Check HOST, DATABASE_URL and QUEUE_URL.',
  EAI_AGAIN: 'A host name could not be looked up. Check the network, HOST, DATABASE_URL and QUEUE_URL.',
  ECONNREFUSED:
    'Nothing listens there. Start the server that DATABASE_URL or QUEUE_URL names, or correct the host and port.',
  ETIMEDOUT: 'There is no answer. Check the host, port and firewall of DATABASE_URL and QUEUE_URL.',
  ENOSPC: 'The disk is full. Free some space, or set DATA_DIR to another disk.',
  EROFS: 'That disk is read-only. Set DATA_DIR to a folder that you may write.',
  // PostgreSQL's own: https://www.postgresql.org/docs/18/errcodes-appendix.html
  '28P01': 'PostgreSQL refuses the user or the password of DATABASE_URL.',
  '28000': 'PostgreSQL refuses the user of DATABASE_URL from this host (pg_hba.conf).',
  '3D000': 'The database of DATABASE_URL does not exist. Make it: createdb <name>.',
  '42501': 'The user of DATABASE_URL lacks rights. Let it own the database: ALTER DATABASE <name> OWNER TO <user>.',
  '53300': 'PostgreSQL has no free connection. Close others, raise max_connections, or lower DATABASE_POOL_SIZE.',
};

/**
 * Text for people about why a process did not start; a stack trace only for what nobody foresaw.
 * @param who the process, as the sentence begins: `Parley`, `The worker`
 */
export function explainStartError(error: unknown, who: string): string {
  if (error instanceof ConfigError || error instanceof EmbeddedPostgresError) return error.message;
  if (error instanceof RedisRefusedError) {
    return `${who} did not start: ${error.message}\n\`npm run doctor\` checks the whole set-up.`;
  }
  const known = causes(error).find((cause) => cause.code !== undefined && cause.code in ADVICE);
  if (known?.code !== undefined) {
    return `${who} did not start: ${known.message}\n${ADVICE[known.code]}\n\`npm run doctor\` checks the whole set-up.`;
  }
  return `${who} did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** The error, what caused it, and the parts of one that is several (a name with two addresses fails twice). */
function causes(error: unknown): NodeJS.ErrnoException[] {
  if (!(error instanceof Error)) return [];
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...parts.flatMap(causes), error, ...causes(error.cause)];
}
