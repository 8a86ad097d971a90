import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { FakeConversation } from './conversations';
import type { OfferedModel } from './models';
import type { LoggedRequest } from './request-log';
import type { ScenarioLike } from './scenario';

/** The fake in a process of its own, so that it survives what a test does to its own processes. */
export class FakeOpenAIProcess {
  readonly baseUrl: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, baseUrl: string) {
    this.child = child;
    this.baseUrl = baseUrl;
  }

  /**
   * Starts it on a port of 127.0.0.1 (0: any free one).
   * @param options.numbersAnswers see `FakeOpenAI`
   * @throws Error when it ends instead of listening.
   */
  static async start(port = 0, options: { numbersAnswers?: boolean } = {}): Promise<FakeOpenAIProcess> {
    const child = spawn(process.execPath, [join(__dirname, 'run.mjs'), String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        FAKE_OPENAI_NUMBERS_ANSWERS: String(options.numbersAnswers ?? false),
      },
    });
    const baseUrl = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.once('exit', (code) => reject(new Error(`The fake OpenAI server ended with code ${code}.`)));
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /"fake_openai":"([^"]+)"/.exec(output);
        if (found?.[1]) resolve(found[1]);
      });
    });
    return new FakeOpenAIProcess(child, baseUrl);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    await ended;
  }

  async next(...scenarios: ScenarioLike[]): Promise<void> {
    await this.control('POST', 'next', { scenario: scenarios });
  }

  async always(scenario: ScenarioLike | null): Promise<void> {
    await this.control('POST', 'always', { scenario });
  }

  /** What GET /v1/models shows from now on; null: a 404. */
  async offerModels(models: OfferedModel[] | null): Promise<void> {
    await this.control('POST', 'models', { models });
  }

  async reset(): Promise<void> {
    await this.control('POST', 'reset', {});
  }

  async requests(): Promise<LoggedRequest[]> {
    return ((await this.control('GET', 'requests')) as { requests: LoggedRequest[] }).requests;
  }

  async conversations(): Promise<FakeConversation[]> {
    return ((await this.control('GET', 'conversations')) as { conversations: FakeConversation[] }).conversations;
  }

  private async control(method: string, action: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${new URL(this.baseUrl).origin}/__control/${action}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`The fake OpenAI server refused ${action}: ${await response.text()}`);
    return response.json();
  }
}
