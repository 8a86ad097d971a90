import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Explained } from '../lib/project.mjs';

/** Shows nothing of what is typed. */
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** @param instead the variable that holds it when nobody can be asked. @throws Explained without a terminal, and at Ctrl-C */
export async function ask(question, instead, { isSecret = false } = {}) {
  if (!process.stdin.isTTY) throw new Explained(`${question} is missing, and nobody can be asked: set ${instead}.`);
  const prompt = `${question}: `;
  if (isSecret) process.stderr.write(prompt);
  const output = isSecret ? nowhere() : process.stderr;
  const terminal = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  try {
    return (await terminal.question(isSecret ? '' : prompt)).trim();
  } catch (error) {
    if (error?.name === 'AbortError') throw new Explained('\nNothing was done.');
    throw error;
  } finally {
    terminal.close();
    if (isSecret) process.stderr.write('\n');
  }
}
