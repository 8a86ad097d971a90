import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshDataDir } from './own-postgres';

/** A disk that can be full: a small file system in memory, which only root may mount. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Undefined where this is not allowed, and says so: then the scenario cannot run here. */
  static mount(megabytes: number): SmallDisk | undefined {
    const folder = freshDataDir();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
    } catch {
      rmSync(folder, { recursive: true });
      process.stderr.write(
        'FAULTS: mounting a small disk is not allowed here (it needs root), so the full disk is not tested.\n',
      );
      return undefined;
    }
    chmodSync(folder, 0o711);
    return new SmallDisk(folder);
  }

  /** Takes up all room. */
  fill(): void {
    try {
      writeFileSync(join(this.folder, 'ballast'), Buffer.alloc(this.free()));
    } catch (error) {
      // PostgreSQL took some meanwhile: full is full.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  makeRoom(): void {
    rmSync(join(this.folder, 'ballast'), { force: true });
  }

  private free(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
