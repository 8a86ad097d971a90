/** The direction rules of docs/architecture.md: apps → features → platform → contracts → kernel. Tested by test/rules. */
const FEATURES = [
  'auth',
  'personas',
  'sessions',
  'conversations',
  'ai-gateway',
  'analytics',
  'escalations',
  'channels',
  'realtime',
];

/** Which features a feature may use, beside auth. */
const EDGES = {
  auth: [],
  personas: [],
  conversations: ['personas'],
  sessions: ['personas', 'conversations'],
  'ai-gateway': ['conversations', 'personas', 'sessions'],
  analytics: ['ai-gateway', 'conversations', 'personas'],
  escalations: ['conversations', 'sessions', 'ai-gateway'],
  channels: ['conversations', 'sessions', 'personas'],
  realtime: ['conversations', 'sessions', 'escalations'],
};

const featureRules = Object.entries(EDGES).map(([feature, allowed]) => {
  const forbidden = FEATURES.filter((other) => other !== feature && other !== 'auth' && !allowed.includes(other));
  return {
    name: `${feature}-uses-only-its-edges`,
    severity: 'error',
    from: { path: `^libs/${feature}/` },
    to: { path: `^libs/(${forbidden.join('|')})/` },
  };
});

const onlyIn = (name, modules, allowed) => ({
  name,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: [...allowed, '\\.(db-)?spec\\.ts$'] },
  to: { path: `(^|/)node_modules/(${modules})(/|$)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'libraries-are-closed',
      comment: 'Import a library through its index.ts.',
      severity: 'error',
      from: { path: '^(apps|libs|test)/', pathNot: '^(libs/[^/]+)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'libraries-are-closed-to-each-other',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    { name: 'libs-do-not-use-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^(apps|test)/' } },
    { name: 'apps-do-not-use-tests', severity: 'error', from: { path: '^apps/' }, to: { path: '^test/' } },
    {
      name: 'kernel-uses-nothing',
      severity: 'error',
      from: { path: '^libs/kernel/' },
      to: { path: '^libs/(?!kernel/)|node_modules' },
    },
    {
      name: 'contracts-use-kernel-only',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^libs/(?!contracts/|kernel/)' },
    },
    {
      name: 'platform-uses-no-feature',
      severity: 'error',
      from: { path: '^libs/platform/' },
      to: { path: `^libs/(${FEATURES.join('|')})/` },
    },
    {
      name: 'client-stands-alone',
      comment: 'It is packed and used elsewhere.',
      severity: 'error',
      from: { path: '^libs/client/' },
      to: { path: '^(apps|test|libs/(?!client/))' },
    },
    {
      name: 'client-is-for-others',
      comment: 'The backend does not talk to itself.',
      severity: 'error',
      from: { path: '^(apps|libs/(?!client/))', pathNot: '^apps/console/' },
      to: { path: '^libs/client/' },
    },
    {
      name: 'console-uses-the-client-only',
      comment: 'It runs in browsers.',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: { path: '^(apps/(?!console/)|libs/(?!client/)|test/)' },
    },
    ...featureRules,
    onlyIn('typeorm-only-in-persistence', 'typeorm', ['^libs/platform/', '/persistence/', '\\.module\\.ts$']),
    onlyIn('openai-only-in-provider', 'openai', ['^libs/ai-gateway/src/provider/']),
    onlyIn('opentelemetry-only-in-tracing', '@opentelemetry', ['^libs/platform/src/tracing/open-telemetry\\.ts$']),
    onlyIn('bullmq-only-in-queue', 'bullmq|@bull-board', ['^libs/platform/src/(queue|database)/']),
    onlyIn('socket-io-only-in-realtime', 'socket\\.io|@nestjs/platform-socket\\.io', [
      '^libs/realtime/',
      '^libs/client/',
    ]),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Specs may use the test support, and look inside their own library.
    exclude: { path: '(^dist/|^libs/client/dist/|\\.(db-)?spec\\.ts$|\\.spec-support\\.ts$)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
