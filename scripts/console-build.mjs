// Builds the chat page and the widget (apps/console) to dist/console. Part of `npm run build`.
import { buildConsole } from './lib/build-console.mjs';

try {
  await buildConsole();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
