/** The first pause of a backoff; it doubles up to the longest. */
const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** A pause of random length, so that many clients do not come back at once. @param failures how many there were in a row, from 1 */
export const backoffMs = (failures: number): number =>
  (0.5 + Math.random() / 2) * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));

/** Resolves after `ms`; rejects with the signal's reason when that is aborted before. */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
