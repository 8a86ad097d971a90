import type { ServerResponse } from 'node:http';
import type { FakeConversations } from './conversations';
import type { FakeModels, OfferedModel } from './models';
import type { LoggedRequest } from './request-log';
import type { ScenarioLike } from './scenario';

/** What of the fake can be controlled from outside. */
interface Controllable {
  readonly requests: readonly LoggedRequest[];
  readonly conversations: FakeConversations;
  readonly models: FakeModels;
  next(...scenarios: ScenarioLike[]): unknown;
  always(scenario: ScenarioLike | null): unknown;
  reset(): void;
}

/**
 * Control over HTTP, for a fake that runs as a process of its own:
 * `POST /__control/next` and `/__control/always` with `{scenario}` (an object, or the text of a directive; for `next` also a
 * list; for `always` null), `GET /__control/requests`, `GET /__control/conversations`, `POST /__control/models` with
 * `{models}` (what GET /v1/models shows; null: a 404), `POST /__control/reset`, `GET /__control/health`.
 */
export function answerControl(
  fake: Controllable,
  method: string,
  action: string,
  body: Record<string, unknown> | null,
  response: ServerResponse,
): void {
  try {
    const answer = perform(fake, `${method} ${action}`, body);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'There is no such control.' }));
  } catch (error) {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: String(error) }));
  }
}

function perform(fake: Controllable, command: string, body: Record<string, unknown> | null): unknown {
  const scenario = body?.scenario as ScenarioLike | ScenarioLike[] | null | undefined;
  switch (command) {
    case 'GET health':
      return { ok: true };
    case 'GET requests':
      return { requests: fake.requests };
    case 'GET conversations':
      return { conversations: fake.conversations.all() };
    case 'POST models':
      fake.models.offer((body?.models ?? null) as OfferedModel[] | null);
      return { ok: true };
    case 'POST reset':
      fake.reset();
      return { ok: true };
    case 'POST next':
      if (!scenario) throw new Error('A scenario is needed.');
      fake.next(...(Array.isArray(scenario) ? scenario : [scenario]));
      return { ok: true };
    case 'POST always':
      if (scenario === undefined || Array.isArray(scenario)) throw new Error('One scenario, or null, is needed.');
      fake.always(scenario);
      return { ok: true };
    default:
      return undefined;
  }
}
