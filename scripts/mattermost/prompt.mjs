import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Explained } from '../lib/project.mjs';

/** @param instead the variable that holds it when nobody can be asked. @throws Explained without a terminal */
export async function ask(question, instead, { isSecret = false } = {}) {
  if (!process.stdin.isTTY) throw new Explained(`${question} is missing, and nobody can be asked: set ${instead}.`);
  process.stderr.write(`${question}: `);
  // What is typed shows only when it may be seen.
  const output = isSecret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return (await terminal.question('')).trim();
  } finally {
    terminal.close();
    if (isSecret) process.stderr.write('\n');
  }
}
