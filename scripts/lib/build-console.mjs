import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { ROOT } from './project.mjs';

const SOURCES = join(ROOT, 'apps/console');
const OUTPUT = join(ROOT, 'dist/console');
export const CONSOLE_MANIFEST = join(OUTPUT, 'manifest.json');

/** Browsers of the last three years or so. */
const TARGET = ['chrome111', 'firefox115', 'safari16.4'];
/** English is in the scripts; these are fetched by those who want them. */
const LANGUAGES = ['ar', 'de', 'es', 'fr'];
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const hashOf = (content) => createHash('sha256').update(content).digest('base64url').slice(0, 12);

/** One script, or one style sheet, of all that it imports. */
async function bundle(entry, options = {}) {
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(SOURCES, 'src', entry)],
    tsconfig: join(SOURCES, 'tsconfig.json'),
    bundle: true,
    minify: true,
    write: false,
    legalComments: 'none',
    target: TARGET,
    charset: 'utf8',
    logLevel: 'silent',
    ...options,
    define: { 'process.env.NODE_ENV': '"production"', ...options.define },
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The client connects over WebSocket only, so the code of the other transports of Socket.IO stays out: 6 KiB less to load. */
const webSocketOnly = {
  name: 'websocket-only',
  setup: (build) => {
    build.onLoad({ filter: /engine\.io-client[\\/]build[\\/][\w-]+[\\/]transports[\\/]index\.js$/ }, ({ path }) => ({
      contents: "import { WS } from './websocket.js';\nexport const transports = { websocket: WS };\n",
      resolveDir: dirname(path),
    }));
    // Only exported again; what it does when it is loaded would keep it.
    build.onLoad({ filter: /engine\.io-client[\\/]build[\\/][\w-]+[\\/]transports[\\/]polling-xhr\.js$/ }, () => ({
      contents: 'export const XHR = undefined;\n',
    }));
  },
};

/** Of browsers. */
const REM_PX = 16;
const inPixels = (css) => css.replace(/(\d*\.?\d+)rem\b/g, (_all, rem) => `${Number(rem) * REM_PX}px`);

/** The widget puts its styles into a shadow root, as a text. `rem` would be the size of the website's own root, which may be 62.5%. */
const stylesAsText = {
  name: 'styles-as-text',
  setup: (build) =>
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: inPixels((await bundle(relative(join(SOURCES, 'src'), path))).toString().trim()),
      loader: 'text',
    })),
};

/** The texts of a language, which are code so that the compiler knows them all. */
async function texts(language) {
  const code = await bundle(`texts/${language}.ts`, { format: 'esm' });
  const module = await import(`data:text/javascript;base64,${code.toString('base64')}`);
  return Buffer.from(JSON.stringify(module[language]));
}

/** Several style sheets as one. */
async function styles(...names) {
  const sheets = await Promise.all(names.map((name) => bundle(`styles/${name}.css`)));
  return Buffer.concat(sheets);
}

/**
 * Builds the chat page and the widget to dist/console, each file also compressed, with a manifest that says under which path and how each is
 * served. What a page loads has a hash in its name; the pages and `/widget.js` keep their names.
 * @throws Error with what esbuild says
 */
export async function buildConsole() {
  const files = [];
  const paths = {};
  const add = (name, kind, content) => {
    paths[name] = `assets/${basename(name, extname(name))}-${hashOf(content)}${extname(name)}`;
    files.push({ path: `/${paths[name]}`, kind, content });
  };
  for (const language of LANGUAGES) add(`${language}.json`, 'texts', await texts(language));
  const textFiles = Object.fromEntries(LANGUAGES.map((language) => [language, paths[`${language}.json`]]));
  const define = { TEXT_FILES: JSON.stringify(textFiles) };
  add('page.js', 'asset', await bundle('page.tsx', { format: 'esm', define, plugins: [webSocketOnly] }));
  add('page.css', 'asset', await styles('theme', 'chat', 'page'));
  add('demo.js', 'asset', await bundle('demo.ts', { format: 'esm' }));
  add('demo.css', 'asset', await styles('theme', 'demo'));
  add('icon.svg', 'asset', readFileSync(join(SOURCES, 'static/icon.svg')));
  // Relative, so that the pages also work below a path.
  const page = (name) =>
    Buffer.from(
      readFileSync(join(SOURCES, 'static', name), 'utf8').replace(/\{\{([\w.-]+)\}\}/g, (_all, asset) => paths[asset]),
    );
  files.push({ path: '/', kind: 'page', content: page('index.html') });
  files.push({ path: '/widget-demo', kind: 'demo', content: page('widget-demo.html') });
  const widget = await bundle('widget.tsx', { format: 'iife', define, plugins: [webSocketOnly, stylesAsText] });
  files.push({ path: '/widget.js', kind: 'widget', content: widget });
  write(files);
}

/** To a folder beside, which then takes the place of the old one: a build that is cut off leaves no half of it. */
function write(files) {
  const beside = `${OUTPUT}.new`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  const manifest = files.map(({ path, kind, content }) => {
    const extension = extname(path) === '' ? '.html' : extname(path);
    const file = path === '/' ? 'index.html' : `${basename(path, extension)}${extension}`;
    writeFileSync(join(beside, file), content);
    writeFileSync(join(beside, `${file}.gz`), gzipSync(content, { level: 9 }));
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    writeFileSync(join(beside, `${file}.br`), brotliCompressSync(content, { params: quality }));
    return { path, kind, file, contentType: TYPES[extension], hash: hashOf(content) };
  });
  writeFileSync(join(beside, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  rmSync(OUTPUT, { recursive: true, force: true });
  renameSync(beside, OUTPUT);
}
