// Loaded with `node --require` before a worker: it dies as by a crash of the runtime (no handler, no goodbye) when it is about to send a prompt
// with FAULTS_CRASH_MARKER to the upstream. So one message, and only that one, kills its worker, and the product knows nothing of it.
const { Socket } = require('node:net');

const marker = process.env.FAULTS_CRASH_MARKER;
const port = Number(process.env.FAULTS_CRASH_PORT);
const write = Socket.prototype.write;

Socket.prototype.write = function (chunk, ...rest) {
  // A request on a new connection is written before it is connected; then the port is not known yet.
  const isForUpstream = this.remotePort === port || this.connecting;
  if (isForUpstream && typeof chunk !== 'function' && Buffer.from(chunk).includes(marker)) {
    process.kill(process.pid, 'SIGKILL');
  }
  return write.call(this, chunk, ...rest);
};
