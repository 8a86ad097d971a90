import { AppError } from './app-error';
import type { FakeUser } from './records';
import type { CommandInput, CommandRun } from './slash-commands';
import type { World } from './world';

export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** What a route works with. */
export interface Request {
  world: World;
  /** What the fake does beside storing. */
  events: Events;
  runCommand: (input: CommandInput) => Promise<CommandRun>;
  /** Parts of the path that the route names with `:`. */
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  /** The body as it came, for files. */
  raw: Buffer;
  headers: Record<string, string>;
  /** Whose token it is. */
  caller: FakeUser;
  token: string;
}

/** What has to be told to others. */
export interface Events {
  send(name: string, data: Record<string, unknown>, to: { channelId?: string; userId?: string; except?: string }): void;
  /** Stores a post, tells it and sends hooks. */
  publish(post: NewPost): Record<string, unknown>;
}

export interface NewPost {
  channelId: string;
  userId: string;
  message: string;
  rootId?: string;
  type?: string;
  props?: Record<string, unknown>;
  fileIds?: string[];
  pendingPostId?: string;
  /** Epoch milliseconds; now by default. */
  createAt?: number;
}

export interface Route {
  method: string;
  /** `/users/:user_id`; below `/api/v4`. */
  path: string;
  /** Without a token. */
  isPublic?: boolean;
  run: (request: Request) => Reply | Promise<Reply>;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const done = (): Reply => ok({ status: 'OK' });

/** @throws AppError 404 when there is none */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  for (const route of routes) {
    const params = route.method === method ? match(route.path.split('/').filter(Boolean), parts) : null;
    if (params) return { route, params };
  }
  throw new AppError(404, 'api.context.404.app_error', 'Sorry, we could not find the page.');
}

function match(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return params;
}

/** `page` and `per_page` as Mattermost reads them: 60 each, 200 at most. */
export function paged<T>(all: T[], query: URLSearchParams): T[] {
  const page = Math.max(0, Number(query.get('page') ?? 0) || 0);
  const perPage = Math.min(200, Math.max(1, Number(query.get('per_page') ?? 60) || 60));
  return all.slice(page * perPage, (page + 1) * perPage);
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
