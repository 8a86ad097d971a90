import { createDatabase, type EmptyDatabase } from './own-database';
import { ParleyProcess } from './process';

/** One api and one worker process, as in production, on a database of their own. */
export interface Parley {
  url: string;
  database: EmptyDatabase;
  /** The environment of its processes, to start more of them. */
  settings: NodeJS.ProcessEnv;
  api: ParleyProcess;
  worker: ParleyProcess;
  /** What all processes have written to their logs. */
  log(): string;
  startWorker(): Promise<void>;
  startApi(): Promise<void>;
  stop(): Promise<void>;
}

const GENEROUS_LIMITS = {
  RATE_LIMIT_PER_IP: '100000',
  RATE_LIMIT_AUTH_PER_IP: '100000',
  RATE_LIMIT_SEND_PER_USER: '100000',
  RATE_LIMIT_OTHER_PER_USER: '100000',
  RATE_LIMIT_SUPPORT_PER_IP: '100000',
  RATE_LIMIT_SUPPORT_PER_SESSION: '100000',
};

/** @param env settings on top of the defaults; without OPENAI_BASE_URL the simulator answers */
export async function startParley(env: NodeJS.ProcessEnv = {}): Promise<Parley> {
  const database = await createDatabase();
  const settings: NodeJS.ProcessEnv = {
    DATABASE_URL: database.url,
    SECRET_KEY: 'test-secret-test-secret-test-secret-test',
    ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
    ...GENEROUS_LIMITS,
    ...env,
  };
  const processes: ParleyProcess[] = [];
  const start = async (app: 'api' | 'worker'): Promise<ParleyProcess> => {
    const process = await ParleyProcess.start(app, settings);
    processes.push(process);
    return process;
  };
  try {
    const [api, worker] = await Promise.all([start('api'), start('worker')]);
    const parley: Parley = {
      url: api.url,
      database,
      api,
      worker,
      settings,
      log: () => processes.map((process) => process.log).join(''),
      startWorker: async () => void (parley.worker = await start('worker')),
      startApi: async () => {
        parley.api = await start('api');
        parley.url = parley.api.url;
      },
      stop: async () => {
        await Promise.all(processes.map((process) => process.kill()));
        await database.drop();
      },
    };
    return parley;
  } catch (error) {
    await Promise.all(processes.map((process) => process.kill()));
    await database.drop();
    throw error;
  }
}
