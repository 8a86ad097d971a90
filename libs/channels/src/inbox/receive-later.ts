/** It cannot be done now. */
export class ReceiveLater extends Error {
  override readonly name = 'ReceiveLater';

  constructor(
    /** For people who look at what waits, such as `media_unavailable`. */
    readonly reason: string,
    readonly delayMs: number,
    /** False: it waits for something that takes its time, and is not given up for it. */
    readonly isAttempt: boolean,
  ) {
    super(reason);
  }
}
