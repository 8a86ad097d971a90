// `npm run doctor`: what is wrong with this set-up, and the fix. Runs under the Node that is there, also before anything is installed.
import { checkSecret, readEnvironment } from './doctor/environment.mjs';
import { checkAbandoned, checkDataDir, checkEmbeddedPostgres, checkPort, checkTools } from './doctor/machine.mjs';
import { hasFailed } from './doctor/report.mjs';
import { checkAi, checkDatabase, checkQueue } from './doctor/services.mjs';

/** Runs every check; the exit code is 1 when one fails. */
export async function doctor() {
  await checkTools();
  const env = readEnvironment();
  checkDataDir(env);
  checkAbandoned();
  checkSecret(env);
  await checkPort(env);
  if (env.DATABASE_URL?.trim()) await checkDatabase(env);
  else await checkEmbeddedPostgres();
  await checkQueue(env);
  await checkAi(env);
  return hasFailed() ? 1 : 0;
}
