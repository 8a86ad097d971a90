import { randomInt } from 'node:crypto';

const wholeNumber = (variable: string): number | undefined => {
  const text = process.env[variable];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`${variable} must be a whole number.`);
  return value;
};

/** Sequences that are played; `npm test` plays a few, `npm run test:property` many. */
export const RUNS = wholeNumber('PROPERTY_RUNS') ?? 3;
/** Commands of one sequence, at most. */
export const MOST_COMMANDS = wholeNumber('PROPERTY_COMMANDS') ?? 60;
/** Printed by a run that failed, and repeats it. */
export const SEED = wholeNumber('PROPERTY_SEED') ?? randomInt(1, 2 ** 31);
/** The place of the failing sequence among those of the seed, as fast-check names it. */
export const PATH = process.env.PROPERTY_PATH;

export const say = (line: string): void => void process.stdout.write(`PROPERTY: ${line}\n`);
