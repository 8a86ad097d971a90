import { createHash, timingSafeEqual } from 'node:crypto';
import type { HookRules } from '../core/channel-adapter';
import { credential } from './credentials';
import { isSignedBy } from './signature';

const MAX_CHALLENGE_LENGTH = 1000;

/** @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export const META_HOOKS: HookRules = {
  isSigned({ credentials }, { body, headers }) {
    return isSignedBy(body, headers['x-hub-signature-256'], credential(credentials, 'app_secret'));
  },

  answerHandshake({ credentials }, query) {
    const token = query['hub.verify_token'];
    const challenge = query['hub.challenge'];
    if (query['hub.mode'] !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') return null;
    if (challenge === '' || challenge.length > MAX_CHALLENGE_LENGTH) return null;
    return isSame(token, credential(credentials, 'verify_token')) ? challenge : null;
  },
};

/** In constant time, also for texts of different lengths. */
function isSame(given: string, expected: string): boolean {
  const [left, right] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left!, right!);
}
