import { PinoLogger } from 'nestjs-pino';
import { symbols } from 'pino';

/** Far longer than a signal takes to be handled once it is there. */
const HOLD_MS = 300;
/** PostgreSQL says goodbye with 57P01; the others follow from it. */
const LOST = /"code":"(57P01|ECONNRESET|ECONNREFUSED|EPIPE)"|Connection terminated/;

interface LogStream {
  write(line: string): unknown;
}

/**
 * Ctrl-C reaches the embedded PostgreSQL at the same moment as this process, and Node reads sockets before signals: "connection lost" can
 * be logged before the end is known to have begun. Such lines wait a moment and are dropped when it has.
 */
export function holdBackLostConnections(isEnding: () => boolean): void {
  const { root } = PinoLogger;
  if (root === undefined) return;
  // All child loggers write to this same object.
  const stream = (root as unknown as Record<symbol, LogStream>)[symbols.streamSym];
  if (stream === undefined) return;
  const write = stream.write.bind(stream);
  stream.write = (line: string): unknown => {
    if (isEnding()) return true;
    if (LOST.test(line)) {
      setTimeout(() => {
        if (!isEnding()) write(line);
      }, HOLD_MS).unref();
      return true;
    }
    return write(line);
  };
}
