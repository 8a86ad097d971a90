import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Reads `.env` of the working directory, if there is one. What the environment already has wins. */
export function loadEnvFile(directory = process.cwd()): void {
  const file = resolve(directory, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
