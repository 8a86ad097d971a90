import { FakeGraph } from './fake-graph';

/** What docs/channels.md enters for its number. */
const NUMBER = {
  id: '106540352242922',
  accessToken: 'EAAG0123456789abcdefghij',
  appSecret: '8f2c0e1d2b3a49586f7e8d9c0b1a2f3e',
  verifyToken: 'a-word-that-you-choose',
};

/**
 * The fake as a process of its own, with the number of docs/channels.md: `npm run fake-graph -- [port]`. Prints what GRAPH_BASE_URL is to be as
 * one line of JSON when it listens, and then each message that a person gets; ends on SIGTERM and SIGINT.
 */
async function main(): Promise<void> {
  const fake = new FakeGraph();
  fake.addWhatsApp(NUMBER);
  fake.onTaken = ({ to, text }) => process.stdout.write(`${JSON.stringify({ to, text })}\n`);
  const baseUrl = await fake.start(Number(process.argv[2] ?? 0));
  process.stdout.write(`${JSON.stringify({ graph_base_url: baseUrl })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void fake.stop().then(() => process.exit(0)));
  }
}

void main();
