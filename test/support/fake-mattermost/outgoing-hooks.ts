import type { FakeOutgoingHook, FakePost } from './records';
import type { World } from './world';

/** What a receiver of a hook said. */
export interface HookAnswer {
  url: string;
  postId: string;
  /** null: no answer came. */
  status: number | null;
  body: string;
  /** Until the whole answer was there. */
  latencyMs: number;
}

/** Mattermost's OutgoingIntegrationRequestsTimeout, in milliseconds. */
export const HOOK_TIMEOUT_MS = 30_000;

/** The hooks that a post sets off: public channels of the team, first word only. The word is case-sensitive, as Mattermost has it. */
export function hooksFor(world: World, post: FakePost): { hook: FakeOutgoingHook; triggerWord: string }[] {
  const channel = world.channel(post.channel_id);
  if (channel.type !== 'O' || !world.config.EnableOutgoingWebhooks) return [];
  const first = post.message.trim().split(/\s+/)[0] ?? '';
  return [...world.hooks.values()].flatMap((hook) => {
    if (hook.team_id !== channel.teamId || (hook.channel_id !== '' && hook.channel_id !== channel.id)) return [];
    if (hook.channel_id !== '' && hook.trigger_words.length === 0) return [{ hook, triggerWord: '' }];
    const word = hook.trigger_words.find((one) => (hook.trigger_when === 1 ? first.startsWith(one) : first === one));
    return word === undefined || first === '' ? [] : [{ hook, triggerWord: word }];
  });
}

/** The body as Mattermost writes it: a form with the time in seconds, or JSON with milliseconds. No root_id in either. */
export function hookBody(
  world: World,
  hook: FakeOutgoingHook,
  post: FakePost,
  triggerWord: string,
): { contentType: string; body: string } {
  const channel = world.channel(post.channel_id);
  const isJson = hook.content_type === 'application/json';
  const fields = {
    token: hook.token,
    team_id: hook.team_id,
    team_domain: world.teams.get(hook.team_id)?.name ?? '',
    channel_id: post.channel_id,
    channel_name: channel.name,
    timestamp: isJson ? post.create_at : Math.floor(post.create_at / 1000),
    user_id: post.user_id,
    user_name: world.users.get(post.user_id)?.username ?? '',
    post_id: post.id,
    text: post.message,
    trigger_word: triggerWord,
    file_ids: post.file_ids.join(','),
  };
  if (isJson) return { contentType: 'application/json', body: JSON.stringify(fields) };
  const form = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  form.sort();
  return { contentType: 'application/x-www-form-urlencoded', body: form.toString() };
}

/** Never retried. */
export async function sendOutgoingHook(
  url: string,
  { contentType, body }: { contentType: string; body: string },
  postId: string,
): Promise<HookAnswer> {
  const begun = performance.now();
  const headers = { 'content-type': contentType, accept: 'application/json', 'user-agent': 'Mattermost-Bot/1.1' };
  try {
    const signal = AbortSignal.timeout(HOOK_TIMEOUT_MS);
    const answer = await fetch(url, { method: 'POST', headers, body, signal });
    const said = await answer.text();
    return { url, postId, status: answer.status, body: said, latencyMs: performance.now() - begun };
  } catch {
    return { url, postId, status: null, body: '', latencyMs: performance.now() - begun };
  }
}

/** What the receiver wants posted; null: nothing. The HTTP status does not matter. */
export function replyOf(answer: HookAnswer): { text: string; isComment: boolean } | null {
  try {
    const reply = JSON.parse(answer.body) as { text?: unknown; response_type?: unknown };
    return typeof reply.text === 'string' ? { text: reply.text, isComment: reply.response_type === 'comment' } : null;
  } catch {
    return null;
  }
}
