const { rmSync } = require('node:fs');

module.exports = async () => {
  const { postgres, directory } = globalThis.__PARLEY_TEST__;
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
};
