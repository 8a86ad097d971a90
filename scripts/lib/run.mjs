import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a command to its end and keeps what it prints; shows that only when it fails. */
export async function quietly(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const [code] = await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ]);
  return { code, output: Buffer.concat(output).toString() };
}

/**
 * Runs a command in our place: same terminal, same process group, signals passed on, its exit code is ours. The extra pipe (file descriptor 3) closes when this
 * process dies, even by kill -9, so that the child can notice and end too.
 */
export async function inOurPlace(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group; the child has it already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const [code, signal] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ]);
  return { child, code: code ?? (signal === 'SIGINT' ? 130 : 1) };
}
