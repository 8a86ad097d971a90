// Writes docs/asyncapi.yaml from the events' types and the errors of the socket door, or with --check says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { asyncApiDocument } from './lib/asyncapi/document.mjs';
import { ROOT } from './lib/project.mjs';

const EVENTS = 'libs/contracts/src/socket-events.ts';
const ERRORS = 'libs/realtime/src/socket-errors.ts';
const FILE = 'docs/asyncapi.yaml';
const HEADER = `# Made of ${EVENTS} and ${ERRORS} by \`npm run asyncapi\`.\n`;

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const read = (file) => readFileSync(join(ROOT, file), 'utf8');
const document = asyncApiDocument(read(EVENTS), read(ERRORS), version);
const text = HEADER + stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
if (!process.argv.includes('--check')) {
  writeFileSync(join(ROOT, FILE), text);
  process.stdout.write(`Wrote ${FILE}.\n`);
} else if (read(FILE) === text) {
  process.stdout.write(`${FILE} is up to date.\n`);
} else {
  process.stderr.write(`${FILE} does not fit ${EVENTS} and ${ERRORS}. Run: npm run asyncapi\n`);
  process.exitCode = 1;
}
