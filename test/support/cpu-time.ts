/** Milliseconds that this thread has computed for. What else a busy machine does in the meantime is not in it, so work can be measured that does not wait. */
export function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
