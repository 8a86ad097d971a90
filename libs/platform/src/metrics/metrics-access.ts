import { createHash, timingSafeEqual } from 'node:crypto';

export interface MetricsCaller {
  ip: string;
  authorization: string | undefined;
  /** A proxy stands between: then the address of the connection says nothing about who asks. */
  isForwarded: boolean;
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** With a token only for who has it; without one only for this machine itself, and not for what a proxy on it lets in. */
export function mayReadMetrics(caller: MetricsCaller, token: string | undefined): boolean {
  if (token === undefined) return !caller.isForwarded && LOOPBACK.test(caller.ip);
  const given = /^bearer (.+)$/i.exec(caller.authorization ?? '')?.[1];
  // Of equal length whatever was sent, so that the time of the comparison tells nothing.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}
