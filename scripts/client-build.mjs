// Compiles libs/client when a source changed.
import { buildClient } from './lib/build-client.mjs';
import { exclusively } from './lib/lock.mjs';
import { Explained } from './lib/project.mjs';

try {
  const hasBuilt = await exclusively(() => buildClient(process.execPath));
  process.stdout.write(hasBuilt ? 'Built libs/client.\n' : 'libs/client is built.\n');
} catch (error) {
  process.stderr.write(`${error instanceof Explained ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
