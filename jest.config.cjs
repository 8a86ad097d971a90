const { findChromium } = require('./test/browser/support/find-chromium.cjs');
const { findRedisServer } = require('./test/support/redis/find-server.cjs');

// The workers of Jest inherit it.
process.env.TEST_REDIS_SERVER = findRedisServer() ?? '';
// What needs Redis is left out where there is none; the last lines of the run say so. In CI it runs all the same, and fails.
const withoutRedis = process.env.TEST_REDIS_SERVER === '' && !process.env.CI;

// The same for the tests that need a browser.
process.env.TEST_CHROMIUM = findChromium() ?? '';
const withoutBrowser = process.env.TEST_CHROMIUM === '' && !process.env.CI;

/** @type {import('jest').Config} */
const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: [],
  moduleFileExtensions: ['ts', 'js', 'json'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }] },
  moduleNameMapper: {
    '^@app/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    // As users have it: compiled, as an ECMAScript module.
    '^@parley/client$': '<rootDir>/libs/client/dist/index.js',
  },
  setupFiles: ['reflect-metadata'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(withoutRedis ? ['\\.redis\\.(e2e|db)-spec\\.ts$'] : []),
    ...(withoutBrowser ? ['\\.browser-spec\\.ts$'] : []),
  ],
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{apps,libs,test/support,test/rules,test/live,test/fuzz,test/load,test/privacy,test/client}/**/*.spec.ts',
      ],
    },
    { ...shared, displayName: 'db', testMatch: ['<rootDir>/{libs,migrations,test/support}/**/*.db-spec.ts'] },
    { ...shared, displayName: 'live', testMatch: ['<rootDir>/test/live/**/*.live-spec.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.browser-spec.ts'] },
    { ...shared, displayName: 'screenshots', testMatch: ['<rootDir>/test/browser/**/*.screenshots-spec.ts'] },
    { ...shared, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.faults-spec.ts'] },
    { ...shared, displayName: 'property', testMatch: ['<rootDir>/test/property/**/*.property-spec.ts'] },
    { ...shared, displayName: 'fuzz', testMatch: ['<rootDir>/test/fuzz/**/*.fuzz-spec.ts'] },
    { ...shared, displayName: 'load', testMatch: ['<rootDir>/test/load/**/*.load-spec.ts'] },
  ],
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
  reporters: [
    'default',
    '<rootDir>/test/support/redis/redis-half-reporter.cjs',
    '<rootDir>/test/browser/support/browser-reporter.cjs',
  ],
  // Above what single waits take, so that these say what they waited for.
  testTimeout: 240_000,
  // Every e2e file starts its own processes; two cores carry two of them.
  maxWorkers: 2,
};
