// Everything starts here, under whatever Node there is (20.19 or newer): installs, brings the right Node along, builds, and runs the command under it.
import { join } from 'node:path';
import { build, isBuilt } from './lib/build.mjs';
import { dev } from './lib/dev.mjs';
import { install, isInstalled } from './lib/install.mjs';
import { exclusively } from './lib/lock.mjs';
import { assertLauncherNode, runtimeNode } from './lib/node-runtime.mjs';
import { Explained, ROOT } from './lib/project.mjs';
import { inOurPlace } from './lib/run.mjs';

const BINARIES = {
  eslint: 'eslint/bin/eslint.js',
  prettier: 'prettier/bin/prettier.cjs',
  tsc: 'typescript/bin/tsc',
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
};
const JEST = [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  join(ROOT, 'node_modules/jest/bin/jest.js'),
];
const TESTED_BY_DEFAULT = ['--selectProjects', 'unit', 'db', 'e2e', 'browser', 'faults', 'property', 'fuzz', 'load'];
/** The long forms; `npm test` runs short ones. */
const FAULTS_KILLS = process.env.FAULTS_KILLS ?? '200';
const PROPERTY_RUNS = process.env.PROPERTY_RUNS ?? '60';
const FUZZ_REQUESTS = process.env.FUZZ_REQUESTS ?? '10000';
const LOAD_MINUTES = process.env.LOAD_MINUTES ?? '30';
const LOAD_SOCKETS = process.env.LOAD_SOCKETS ?? '5000';

const COMPANION = join(ROOT, 'scripts/lib/companion.cjs');
const dist = (path) => ['--enable-source-maps', '--require', COMPANION, join(ROOT, 'dist/apps', path)];

const TYPESCRIPT = ['--import', join(ROOT, 'test/support/run-typescript.mjs')];

/** Node arguments (and environment) of each command; `build: false` for those that need no compiled code. */
const COMMANDS = {
  start: () => ({ args: dist('standalone/src/main.js') }),
  'start:prod': () => ({ args: dist('standalone/src/main.js'), env: { NODE_ENV: 'production' } }),
  'start:api': () => ({ args: dist('api/src/main.js') }),
  'start:worker': () => ({ args: dist('worker/src/main.js') }),
  migrate: () => ({ args: dist('standalone/src/migrate.js') }),
  openapi: (rest) => ({ args: [...dist('api/src/openapi.js'), ...rest] }),
  asyncapi: (rest) => ({ args: [join(ROOT, 'scripts/asyncapi.mjs'), ...rest], build: false }),
  'client:generate': (rest) => ({ args: [join(ROOT, 'scripts/client-generate.mjs'), ...rest], build: false }),
  'client:build': () => ({ args: [join(ROOT, 'scripts/client-build.mjs')], build: false }),
  test: (rest) => ({ args: [...JEST, ...(rest.includes('--selectProjects') ? [] : TESTED_BY_DEFAULT), ...rest] }),
  'test:faults': (rest) => ({ args: [...JEST, '--selectProjects', 'faults', ...rest], env: { FAULTS_KILLS } }),
  'test:property': (rest) => ({ args: [...JEST, '--selectProjects', 'property', ...rest], env: { PROPERTY_RUNS } }),
  'test:fuzz': (rest) => ({ args: [...JEST, '--selectProjects', 'fuzz', ...rest], env: { FUZZ_REQUESTS } }),
  'test:load': (rest) => ({
    args: [...JEST, '--selectProjects', 'load', ...rest],
    env: { LOAD_MINUTES, LOAD_SOCKETS },
  }),
  screenshots: (rest) => ({ args: [...JEST, '--selectProjects', 'screenshots', ...rest] }),
  'test:live': (rest) => ({ args: [...JEST, '--selectProjects', 'live', ...rest] }),
  bench: (rest) => ({
    args: [...TYPESCRIPT, join(ROOT, 'test/bench/main.ts'), ...rest],
  }),
  'fake-graph': (rest) => ({
    args: [...TYPESCRIPT, join(ROOT, 'test/support/fake-graph/main.ts'), ...rest],
    build: false,
  }),
  'fake-mattermost': (rest) => ({
    args: [...TYPESCRIPT, join(ROOT, 'test/support/fake-mattermost/main.ts'), ...rest],
    build: false,
  }),
  'mattermost:setup': (rest) => ({ args: [join(ROOT, 'scripts/mattermost-setup.mjs'), ...rest], build: false }),
  run: ([name, ...rest]) => ({ args: [join(ROOT, 'node_modules', BINARIES[name]), ...rest], build: false }),
};

async function main([command = 'start', ...rest]) {
  assertLauncherNode();
  if (command !== 'build' && command !== 'dev' && command !== 'doctor' && COMMANDS[command] === undefined) {
    throw new Explained(
      `There is no command "${command}". There are: build, dev, doctor, ${Object.keys(COMMANDS).join(', ')}.`,
    );
  }
  if (command === 'doctor') return (await import('./doctor.mjs')).doctor();
  const plan = COMMANDS[command]?.(rest) ?? { args: [] };
  const needsBuild = plan.build !== false;
  // Nothing to do needs no lock, so a checkout that somebody else owns can be started too.
  if (command === 'build' || !isInstalled() || (needsBuild && !isBuilt())) {
    await exclusively(async () => {
      await install();
      if (needsBuild) await build(runtimeNode(), { force: command === 'build' });
    });
  }
  if (command === 'build') return 0;
  if (command === 'dev') return dev(runtimeNode(), dist('standalone/src/main.js'));
  return inOurPlace(runtimeNode(), plan.args, plan.env);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error instanceof Explained ? error.message : error.stack}\n`);
    process.exit(1);
  },
);
