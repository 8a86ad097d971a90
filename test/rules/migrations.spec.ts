import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../migrations');
/** Those before it have run everywhere. */
const FIRST = '1763704000000';
/** What holds a lock on these is felt by everybody who talks. */
const BIG = 'messages|turns|conversations|model_calls';

const RULES: readonly [rule: string, broken: RegExp][] = [
  ['reads no whole table while it keeps others out', /VALIDATE CONSTRAINT/],
  ['builds no index on a big table while it keeps writers out', new RegExp(`CREATE (UNIQUE )?INDEX \\w+ ON (${BIG}) `)],
  [
    'adds no column to a big table with a check that has to look at every row',
    new RegExp(`ALTER TABLE (${BIG}) [^;\`]*ADD COLUMN [^,;\`]*CHECK \\(`),
  ],
];

describe('migrations of live databases', () => {
  const migrations = readdirSync(FOLDER)
    .filter((name) => name >= FIRST)
    .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }))
    .filter(({ text }) => !text.includes('transaction = false'));

  it.each(RULES)('one that is a transaction %s', (_rule, broken) => {
    const up = migrations.map(({ name, text }) => ({ name, text: text.split('async down(')[0]! }));
    expect(up.length).toBeGreaterThan(3);
    expect(up.filter(({ text }) => broken.test(text)).map(({ name }) => name)).toEqual([]);
  });
});
