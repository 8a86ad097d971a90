import { Injectable } from '@nestjs/common';
import type { Session } from '../../session';
import type { SupportDoor } from '../support-door';
import { originMatches } from './origin-pattern';
import { SupportDoors } from './support-doors.service';

/** Which pages may talk with a workspace's visitors. What is no browser sends no origin, and is not kept out by it. */
@Injectable()
export class SupportOrigins {
  constructor(private readonly doors: SupportDoors) {}

  /**
   * For every door: whether a page may talk in a session.
   * @param origin the header `Origin`; undefined: it is no page, or one of this installation
   * @param ownHost host and port that were asked for: pages of this installation are always allowed
   */
  async isAllowed(
    origin: string | undefined,
    session: Pick<Session, 'kind' | 'workspaceId'>,
    ownHost?: string,
  ): Promise<boolean> {
    if (session.kind !== 'support' || origin === undefined) return true;
    return isOriginAllowed(origin, await this.doors.ofWorkspace(session.workspaceId), ownHost);
  }
}

export function isOriginAllowed(
  origin: string | undefined,
  door: Pick<SupportDoor, 'allowedOrigins'> | undefined,
  ownHost?: string,
): boolean {
  if (origin === undefined) return true;
  if (ownHost !== undefined && hostOf(origin) === ownHost.toLowerCase()) return true;
  return door?.allowedOrigins.some((pattern) => originMatches(pattern, origin)) === true;
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
