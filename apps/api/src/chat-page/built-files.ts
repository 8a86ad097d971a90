import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** From dist/apps/api/src/chat-page; `npm run build` puts it there (scripts/lib/build-console.mjs). */
const FOLDER = join(__dirname, '../../../../console');

/** What a file is for; it decides who may use it and for how long. */
export type FileKind = 'page' | 'demo' | 'widget' | 'asset' | 'texts';
export type Encoding = 'br' | 'gzip' | 'identity';

export interface BuiltFile {
  /** As in a URL, such as `/widget.js`. */
  path: string;
  kind: FileKind;
  contentType: string;
  /** Of its content. */
  hash: string;
  contents: Record<Encoding, Buffer>;
}

type Entry = Pick<BuiltFile, 'path' | 'kind' | 'contentType' | 'hash'> & { file: string };

/**
 * The files of the chat page and the widget, read once: there are about a dozen, some 300 KB together. Empty where they were not built. Only what
 * the build has listed exists, so no path leads out of its folder.
 */
export function builtFiles(): BuiltFile[] {
  const manifest = join(FOLDER, 'manifest.json');
  if (!existsSync(manifest)) return [];
  const read = (file: string): Buffer => readFileSync(join(FOLDER, file));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as Entry[]).map(({ file, ...entry }) => ({
    ...entry,
    contents: { identity: read(file), gzip: read(`${file}.gz`), br: read(`${file}.br`) },
  }));
}
