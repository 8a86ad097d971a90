/**
 * Connections that wait to be accepted; the system may allow fewer (Linux: net.core.somaxconn, 4096 by default). With Node's own 511, the sockets of a
 * process that has died, which all come back at once, are refused and try again only after one, three and seven seconds.
 */
const BACKLOG = 4096;

/** Where the HTTP server listens. */
export const listenOptions = (port: number, host: string): { port: number; host: string; backlog: number } => ({
  port,
  host,
  backlog: BACKLOG,
});
