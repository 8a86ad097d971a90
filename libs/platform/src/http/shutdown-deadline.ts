/** An orderly end takes a few seconds; whatever keeps the process after this is cut off. Nothing that was promised is lost by it. */
const SHUTDOWN_DEADLINE_MS = 15_000;

/**
 * Ends the process for good when an orderly end, begun by a signal, does not finish.
 * @param drainMs what the process takes on purpose before it begins to end, in milliseconds
 */
export function enforceShutdownDeadline(drainMs = 0): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), drainMs + SHUTDOWN_DEADLINE_MS).unref();
    });
  }
}
