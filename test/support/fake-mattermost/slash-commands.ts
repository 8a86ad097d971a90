import { createHash, randomBytes } from 'node:crypto';
import { AppError } from './app-error';
import { newId } from './ids';
import { MAX_POST_RUNES } from './posting';
import { HOOK_TIMEOUT_MS } from './outgoing-hooks';
import type { CommandReply, FakeCommand } from './records';
import type { Events } from './router';
import type { World } from './world';

/** How often and how long a `response_url` is taken: CommandWebhook's, uses and milliseconds. */
const MAX_USES = 5;
const LIFETIME_MS = 30 * 60_000;

export interface CommandRun {
  /** What the receiver answered; null: nothing. */
  status: number | null;
  body: string;
  /** The body as JSON; null: it is not. */
  json: Record<string, unknown> | null;
  responseUrl: string;
  triggerId: string;
  latencyMs: number;
}

export interface CommandInput {
  channelId: string;
  userId: string;
  /** `/trigger text`. */
  text: string;
  rootId: string;
  /** The same again, as when a proxy sends it twice. */
  triggerId?: string;
}

/** Sends a slash command as Mattermost does, and shows the person what came back. */
export async function runCommand(
  world: World,
  events: Events,
  input: CommandInput,
  siteUrl: string,
): Promise<CommandRun> {
  const [, trigger = '', text = ''] = /^\/(\S+)\s?(.*)$/s.exec(input.text) ?? [];
  const command = commandFor(world, input.channelId, trigger.toLowerCase());
  const reply = makeReply(world, command, input);
  const responseUrl = `${siteUrl}/hooks/commands/${reply.id}`;
  const triggerId = input.triggerId ?? makeTriggerId(input.userId);
  const channel = world.channel(input.channelId);
  const form = new URLSearchParams({
    token: command.token,
    team_id: command.team_id,
    team_domain: world.teams.get(command.team_id)?.name ?? '',
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: input.userId,
    user_name: world.user(input.userId).username,
    command: `/${command.trigger}`,
    text,
    trigger_id: triggerId,
    root_id: input.rootId,
    response_url: responseUrl,
  });
  form.sort();
  const begun = performance.now();
  const run: CommandRun = { status: null, body: '', json: null, responseUrl, triggerId, latencyMs: 0 };
  try {
    const answer = await send(command, form);
    run.status = answer.status;
    run.body = await answer.text();
    run.json = parseJson(run.body);
  } catch {
    // As after a timeout: the person is told that the command failed.
  }
  run.latencyMs = performance.now() - begun;
  if (run.status === 200 && run.body !== '') show(world, events, reply, run.json ?? { text: run.body });
  else tellFailure(world, reply, command.trigger);
  return run;
}

/** What comes to a `response_url`. @throws AppError */
export function takeReply(world: World, events: Events, id: string, body: Record<string, unknown>): void {
  const reply = world.replies.get(id);
  if (!reply || Date.now() - reply.createAt > LIFETIME_MS) {
    throw new AppError(404, 'web.command_webhook.general.app_error', 'Unable to handle the command webhook.');
  }
  if (reply.uses >= MAX_USES) throw new AppError(400, 'web.command_webhook.general.app_error');
  reply.uses += 1;
  if (!show(world, events, reply, body)) throw new AppError(500, 'web.command_webhook.general.app_error');
}

/** @returns false: it could not be posted */
function show(world: World, events: Events, reply: CommandReply, body: Record<string, unknown>): boolean {
  const text = typeof body.text === 'string' ? body.text : '';
  const isTooLong = [...text].length > MAX_POST_RUNES;
  const { userId, channelId, rootId } = reply;
  if (body.response_type === 'in_channel') {
    if (isTooLong) return false;
    // It is the person's own post, and sets hooks off.
    const own = typeof body.props === 'object' && body.props !== null ? body.props : {};
    events.publish({ channelId, userId, rootId, message: text, props: { ...own, from_webhook: 'true' } });
    return true;
  }
  // Longer ones are taken, but nobody gets to see them.
  if (text !== '' && !isTooLong) world.show({ userId, channelId, rootId, text });
  return true;
}

/** Of the channel's team; in direct and group channels of any. @throws AppError 404 */
function commandFor(world: World, channelId: string, trigger: string): FakeCommand {
  const { teamId } = world.channel(channelId);
  const command = [...world.commands.values()].find(
    (one) => one.trigger === trigger && (teamId === '' || one.team_id === teamId),
  );
  if (command) return command;
  const message = `Command with a trigger of '/${trigger}' not found.`;
  throw new AppError(404, 'api.command.execute_command.not_found.app_error', message);
}

function tellFailure(world: World, { userId, channelId, rootId }: CommandReply, trigger: string): void {
  const text = `Command with a trigger of '${trigger}' failed.`;
  world.show({ userId, channelId, rootId, text });
}

function makeReply(world: World, command: FakeCommand, { channelId, userId, rootId }: CommandInput): CommandReply {
  const reply = { id: newId(), commandId: command.id, userId, channelId, rootId, createAt: Date.now(), uses: 0 };
  world.replies.set(reply.id, reply);
  return reply;
}

function send(command: FakeCommand, form: URLSearchParams): Promise<Response> {
  const headers = {
    accept: 'application/json',
    authorization: `Token ${command.token}`,
    'user-agent': 'Mattermost-Bot/1.1',
  };
  const signal = AbortSignal.timeout(HOOK_TIMEOUT_MS);
  if (command.method === 'G') {
    return fetch(`${command.url}${command.url.includes('?') ? '&' : '?'}${form.toString()}`, { headers, signal });
  }
  return fetch(command.url, { method: 'POST', headers, body: form, signal });
}

/** base64 of `client id : user id : time : signature`, as model.GenerateTriggerId writes it. */
function makeTriggerId(userId: string): string {
  const signature = createHash('sha256').update(randomBytes(32)).digest('base64');
  return Buffer.from(`${newId()}:${userId}:${Date.now()}:${signature}`).toString('base64');
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
