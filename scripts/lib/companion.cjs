// Loaded into every process that the launcher starts. When the launcher dies, even by kill -9, its end of the channel closes; then the
// process gets the signal that an orderly end begins with.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // A listener alone must not keep a process running that has nothing left to do.
  process.channel.unref();
}
