// A green run without Redis has tested half of what it could. It says so below everything else.
const NOTICE = `
THE REDIS HALF DID NOT RUN: there is no redis-server or valkey-server on this machine, so the turn engine was tested with the
queue in PostgreSQL only. These tests are neither passed nor failed. Install one (apt-get install redis-server, brew install redis)
or name one in TEST_REDIS_SERVER.
`;

module.exports = class RedisHalfReporter {
  onRunComplete(_contexts, results) {
    const concernsRedis = results.testResults.some(({ testFilePath }) =>
      /(e2e|db|faults)-spec\.ts$/.test(testFilePath),
    );
    // The configuration of Jest has looked for one. After Jest's own summary, which follows the reporters.
    const isMissing = process.env.TEST_REDIS_SERVER === '';
    if (concernsRedis && isMissing) process.once('exit', () => process.stderr.write(NOTICE));
  }
};
