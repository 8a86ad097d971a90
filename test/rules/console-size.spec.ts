import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(__dirname, '../../dist/console');
const KIB = 1024;

interface Entry {
  path: string;
  kind: string;
  file: string;
}

/** What a visitor loads, compressed with gzip; most browsers take brotli, which is about a tenth less. */
describe('the size of the chat page', () => {
  const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as Entry[];
  const gzipped = (file: string): number => readFileSync(join(FOLDER, `${file}.gz`)).length;
  const html = readFileSync(join(FOLDER, 'index.html'), 'utf8');

  it('the first load of the page has at most 120 KiB of script', () => {
    const scripts = manifest.filter(({ path }) => path.endsWith('.js') && html.includes(path.slice(1)));
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.reduce((sum, { file }) => sum + gzipped(file), 0);
    expect(bytes).toBeGreaterThan(10 * KIB);
    expect(bytes).toBeLessThanOrEqual(120 * KIB);
    // It is one file: nothing that is fetched later has been forgotten here.
    const later = scripts.filter(({ file }) => /\bimport\(/.test(readFileSync(join(FOLDER, file), 'utf8')));
    expect(later).toEqual([]);
  });

  it('the widget has at most 40 KiB, with its styles', () => {
    const widget = manifest.find(({ path }) => path === '/widget.js')!;
    expect(gzipped(widget.file)).toBeGreaterThan(10 * KIB);
    expect(gzipped(widget.file)).toBeLessThanOrEqual(40 * KIB);
  });

  it('no name that the page loads by stays when its content changes', () => {
    for (const { path } of manifest.filter(({ kind }) => kind === 'asset' || kind === 'texts')) {
      expect(path).toMatch(/^\/assets\/\w+-[\w-]{12}\.\w+$/);
    }
  });
});
