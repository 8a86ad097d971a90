// Runs main.ts without a build.
import '../run-typescript.mjs';
await import('./main.ts');
