import { FakeOpenAI } from './fake-openai';

/**
 * The fake as a process of its own: `node test/support/fake-openai/run.mjs [port]` (run.mjs lets Node load TypeScript).
 * Prints its base URL as one line of JSON when it listens; ends on SIGTERM and SIGINT.
 */
async function main(): Promise<void> {
  const fake = new FakeOpenAI({ numbersAnswers: process.env.FAKE_OPENAI_NUMBERS_ANSWERS === 'true' });
  const baseUrl = await fake.start(Number(process.argv[2] ?? process.env.FAKE_OPENAI_PORT ?? 0));
  process.stdout.write(`${JSON.stringify({ fake_openai: baseUrl })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void fake.stop().then(() => process.exit(0)));
  }
}

void main();
