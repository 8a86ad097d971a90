import type { MattermostPost } from './post';

/** Set by the server on what programs post. @see https://github.com/mattermost/mattermost/blob/master/server/public/model/post.go */
const BY_PROGRAMS = ['from_webhook', 'from_bot', 'from_plugin', 'from_oauth_app'] as const;

const isSet = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value !== '' && value !== 'false');

/** Why a post must never be answered; null when it may be. Two programs that answer each other do not stop. */
export function whyNeverAnswered(
  post: Pick<MattermostPost, 'userId' | 'type' | 'props' | 'deleteAt'>,
  { botId, isByBot }: { botId: string; isByBot: boolean },
): 'own' | 'system_post' | 'by_program' | 'by_bot' | 'deleted' | null {
  if (post.userId === botId) return 'own';
  if (post.type !== '') return 'system_post';
  if (BY_PROGRAMS.some((name) => isSet(post.props[name]))) return 'by_program';
  if (post.deleteAt > 0) return 'deleted';
  return isByBot ? 'by_bot' : null;
}
