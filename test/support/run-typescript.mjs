// Lets Node run our TypeScript without a build: it strips the types itself, and this adds the file extension that
// CommonJS-style imports leave out. `node --import ./test/support/run-typescript.mjs file.ts`
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isRelative = specifier.startsWith('./') || specifier.startsWith('../');
    const isOurs = isRelative && context.parentURL?.endsWith('.ts') === true;
    return nextResolve(isOurs && !/\.[cm]?[jt]s$/.test(specifier) ? `${specifier}.ts` : specifier, context);
  },
});
process.removeAllListeners('warning'); // Node's note that the package has no "type" is not about us.
