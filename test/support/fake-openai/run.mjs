// Runs main.ts without a build: Node strips the types, and this adds the file extension that CommonJS-style imports leave out.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isRelative = specifier.startsWith('./') || specifier.startsWith('../');
    return nextResolve(isRelative && !/\.[cm]?[jt]s$/.test(specifier) ? `${specifier}.ts` : specifier, context);
  },
});
process.removeAllListeners('warning'); // Node's note that the package has no "type" is not about the fake.
await import('./main.ts');
