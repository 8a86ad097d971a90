import { type BenchDatabase, run } from '../database';
import { Explained, type Figures } from './explained';
import { fill } from './fill';
import { subjectsOf } from './subjects';

/** Slower than this is marked. */
const SLOW_MS = 50;

/** Every statement of the inbox, its jobs and its webhooks, with its plan for these values and the one for any, on this many escalations. */
export async function benchHandOff(
  database: BenchDatabase,
  escalations: number,
  say: (text: string) => void,
): Promise<void> {
  const url = await database.create('parley_hand_off', true);
  const began = performance.now();
  await fill(url, escalations);
  const [size] = await run<{ messages: number; bytes: string }>(
    url,
    `SELECT (SELECT count(*) FROM messages)::int AS messages, pg_size_pretty(pg_total_relation_size('escalations')) AS bytes`,
  );
  say(`### ${escalations.toLocaleString('en')} escalations, ${size.messages.toLocaleString('en')} messages\n`);
  say(
    `- filled in ${((performance.now() - began) / 1000).toFixed(0)} s; escalations with their indexes: ${size.bytes}\n`,
  );
  say('| statement | planned for its values | pages | planned for any | pages |');
  say('|---|---|---|---|---|');
  const explained = await Explained.open(url);
  try {
    for (const [name, work] of await subjectsOf(explained)) {
      const statements = await explained.figuresOf(work);
      for (const [index, { own, any }] of statements.entries()) {
        const label = statements.length === 1 ? name : `${name} (${index + 1})`;
        say(`| ${label} | ${ms(own)} | ${own.pages} | ${ms(any)} | ${any.pages} |`);
      }
    }
  } finally {
    await explained.close();
  }
}

const ms = ({ executionMs }: Figures): string => `${executionMs.toFixed(2)} ms${executionMs > SLOW_MS ? ' **!**' : ''}`;
