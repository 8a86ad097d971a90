import { join } from 'node:path';

const preload = (file: string): string => `--require ${join(__dirname, file)}`;

/** Settings of a process whose clock is off by so much. */
export const withClockOff = (offsetMs: number): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: preload('shift-clock.cjs'),
  FAULTS_CLOCK_OFFSET_MS: String(offsetMs),
});

/** Settings of a worker that dies when it is about to send this text to the upstream. */
export const withCrashOn = (marker: string, upstreamUrl: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: preload('crash-on-marker.cjs'),
  FAULTS_CRASH_MARKER: marker,
  FAULTS_CRASH_PORT: new URL(upstreamUrl).port,
});
