import { randomInt } from 'node:crypto';
import { Random } from './random';

/** Kills of one chaos run in the short form, which is part of `npm test`; `npm run test:faults` makes 200. */
const SHORT_KILLS = 12;

const wholeNumber = (variable: string): number | undefined => {
  const text = process.env[variable];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${variable} must be a whole number.`);
  return value;
};

/** Kills of one chaos run; other faults come on top. */
export const kills = (): number => wholeNumber('FAULTS_KILLS') ?? SHORT_KILLS;

/** The full form takes the times of production (30 s of pause, lease of 6 s); the short one scales them down. */
export const isFullForm = (): boolean => kills() > SHORT_KILLS;

/** From `FAULTS_SEED`, else a new one. */
export const freshRandom = (): Random => new Random(wholeNumber('FAULTS_SEED') ?? randomInt(1, 1_000_000_000));

export const say = (line: string): void => void process.stdout.write(`FAULTS: ${line}\n`);
