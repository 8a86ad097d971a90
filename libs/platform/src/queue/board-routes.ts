import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  BullBoardRequest,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';

interface ReadRoute {
  segments: string[];
  handler: AppControllerRoute['handler'];
}

/**
 * What bull-board asks of a web server. It keeps the routes that read and drops those that change something: a route that is not there
 * cannot be called, whatever a later version of bull-board adds.
 */
export class BoardRoutes implements IServerAdapter {
  private queues: BullBoardQueues = new Map();
  private uiConfig: UIConfig = {};
  private readRoutes: ReadRoute[] = [];
  private pages: string[][] = [];
  private renderPage: AppViewRoute['handler'] | undefined;

  /** The answer of the route that this path names; undefined when it names none. */
  async answer(path: string, query: Record<string, unknown>): Promise<{ status: number; body: unknown } | undefined> {
    for (const { segments, handler } of this.readRoutes) {
      const params = match(segments, path);
      if (params === undefined) continue;
      const { status = 200, body } = await handler(this.request(params, query));
      return { status, body };
    }
    return undefined;
  }

  /** Values for the page's template, when this path is one of the page. */
  page(path: string, basePath: string): Record<string, string> | undefined {
    if (this.renderPage === undefined || !this.pages.some((segments) => match(segments, path) !== undefined)) {
      return undefined;
    }
    return this.renderPage({ basePath, uiConfig: this.uiConfig }).params;
  }

  setQueues(queues: BullBoardQueues): this {
    this.queues = queues;
    return this;
  }

  setUIConfig(config: UIConfig): this {
    this.uiConfig = config;
    return this;
  }

  setApiRoutes(routes: AppControllerRoute[]): this {
    this.readRoutes = routes
      .filter(({ method }) => [method].flat().every((name) => name === 'get'))
      .flatMap((route) =>
        [route.route].flat().map((path) => ({
          segments: segmentsOf(path),
          handler: (request) => route.handler(request),
        })),
      );
    return this;
  }

  setEntryRoute(entry: AppViewRoute): this {
    this.pages = [entry.route].flat().map(segmentsOf);
    this.renderPage = (values) => entry.handler(values);
    return this;
  }

  /** Files and errors are ours to answer. */
  setViewsPath(): this {
    return this;
  }

  setStaticPath(): this {
    return this;
  }

  setErrorHandler(): this {
    return this;
  }

  private request(params: Record<string, string>, query: Record<string, unknown>): BullBoardRequest {
    return { queues: this.queues, uiConfig: this.uiConfig, params, query, body: {}, headers: {} };
  }
}

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** The parameters of a path (`/queue/:queueName`) that has this form. */
function match(pattern: string[], path: string): Record<string, string> | undefined {
  const segments = segmentsOf(path);
  if (segments.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index]!;
    if (expected.startsWith(':')) params[expected.slice(1)] = actual;
    else if (expected !== actual) return undefined;
  }
  return params;
}
