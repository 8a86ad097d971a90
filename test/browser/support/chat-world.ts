import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { Client as Postgres } from 'pg';
import { FakeOpenAI } from '../../support/fake-openai';
import { type Parley, startParley } from '../../support/parley';
import { complaintsOf, openBrowser, openContext } from './browser';

// Beside the processes a browser has to start, on machines that have other work to do.
jest.setTimeout(300_000);

/** An installation with a model that does what it is told, and a browser. One of them for each file of tests. */
export class ChatWorld {
  private readonly contexts: BrowserContext[] = [];

  protected constructor(
    readonly browser: Browser,
    readonly upstream: FakeOpenAI,
    readonly parley: Parley,
  ) {}

  static async start(env: NodeJS.ProcessEnv = {}): Promise<ChatWorld> {
    const browser = await openBrowser();
    const upstream = new FakeOpenAI({ numbersAnswers: true });
    const parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      CONTEXT_SUMMARY: 'false',
      SUPPORT_KEYLESS: 'true',
      SOCKET_DEBOUNCE_MS: '50',
      ...env,
    });
    return new ChatWorld(browser, upstream, parley);
  }

  get url(): string {
    return this.parley.url;
  }

  /** A page of its own, in a window that knows nothing of the others; closed by {@link tidy}. */
  async page(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const context = await openContext(this.browser, options);
    this.contexts.push(context);
    const page = await context.newPage();
    return { page, complaints: complaintsOf(page) };
  }

  /** After each test. */
  async tidy(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
    this.upstream.reset();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.parley.stop();
    await this.upstream.stop();
  }

  async sql(statement: string, values: unknown[] = []): Promise<void> {
    const client = new Postgres({ connectionString: this.parley.database.url });
    await client.connect();
    try {
      await client.query(statement, values);
    } finally {
      await client.end();
    }
  }
}

/** The secret that the page keeps in its tab. */
export const sessionIdOf = (page: Page): Promise<string> =>
  page.evaluate<string>('JSON.parse(Object.values({ ...sessionStorage })[0]).sessionId');
