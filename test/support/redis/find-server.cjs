// Where this machine keeps a Redis or Valkey server, for the half of the tests that needs one.
const { accessSync, constants } = require('node:fs');
const { delimiter, join } = require('node:path');

const NAMES = ['redis-server', 'valkey-server'];

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of the server: `TEST_REDIS_SERVER`, else the first in PATH; undefined when there is none. */
exports.findRedisServer = (env = process.env) => {
  const named = env.TEST_REDIS_SERVER?.trim();
  if (named) return isExecutable(named) ? named : undefined;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
};
