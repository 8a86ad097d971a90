import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';

const CONTENT_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** Where npm put bull-board's browser part. */
export const boardUi = (): string => dirname(require.resolve('@bull-board/ui/package.json'));

/** The files of bull-board's browser part. */
export class BoardFiles {
  private readonly root = join(boardUi(), 'dist');
  private readonly template = readFileSync(join(this.root, 'index.ejs'), 'utf8');
  /** Every file there is, by its path in a URL: whatever else is asked for does not exist, so no path leads out. */
  private readonly files = new Map(
    readdirSync(join(this.root, 'static'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in CONTENT_TYPES)
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [`/${relative(this.root, file).replaceAll(sep, '/')}`, file]),
  );

  async read(path: string): Promise<{ contentType: string; content: Buffer } | undefined> {
    const file = this.files.get(path);
    if (file === undefined) return undefined;
    return { contentType: CONTENT_TYPES[extname(file)]!, content: await readFile(file) };
  }

  /** The page, with the values that bull-board wants in it. It loads nothing from other hosts: fonts are those of the machine. */
  page(values: Record<string, string>): string {
    return this.template
      .replace(/<link [^>]*href="https:[^>]*>/g, '')
      .replace(/<%([=-]) (\w+) %>/g, (_match, kind: string, name: string) =>
        kind === '=' ? escapeAttribute(values[name] ?? '') : (values[name] ?? ''),
      );
  }
}

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
