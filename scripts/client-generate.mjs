// Writes the generated sources of libs/client, or with --check says whether they are up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clientSources } from './lib/client-sources.mjs';
import { ROOT } from './lib/project.mjs';

for (const [file, text] of Object.entries(await clientSources())) {
  const path = join(ROOT, file);
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`Wrote ${file}.\n`);
  } else if (existsSync(path) && readFileSync(path, 'utf8') === text) {
    process.stdout.write(`${file} is up to date.\n`);
  } else {
    process.stderr.write(`${file} does not fit its source. Run: npm run client:generate\n`);
    process.exitCode = 1;
  }
}
