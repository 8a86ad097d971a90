import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const CLIENT = join(ROOT, 'libs/client');

/** A folder of its own in which the package that `npm pack` makes of libs/client is installed, with what it depends on, and nothing else. */
export class InstalledClient {
  private constructor(readonly folder: string) {}

  static create(): InstalledClient {
    const folder = mkdtempSync(join(tmpdir(), 'parley-package-'));
    const shell = process.platform === 'win32';
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: CLIENT, shell });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
    const installed = new InstalledClient(folder);
    mkdirSync(installed.package, { recursive: true });
    execFileSync('tar', ['xzf', join(folder, tarball), '-C', installed.package, '--strip-components=1']);
    for (const dependency of ['openapi-fetch', 'socket.io-client']) {
      symlinkSync(join(ROOT, 'node_modules', dependency), join(folder, 'node_modules', dependency), 'junction');
    }
    return installed;
  }

  get package(): string {
    return join(this.folder, 'node_modules/@parley/client');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
