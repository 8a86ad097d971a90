import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import * as ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const FILE = 'libs/channels/src/mattermost/commands/ping.command.ts';
const PATH = resolve(ROOT, FILE);
const INDEX = resolve(ROOT, 'libs/channels/src/mattermost/commands/index.ts');

/** The code of the page that begins with the name of the file. */
function example(): string {
  const page = readFileSync(resolve(ROOT, 'docs/mattermost.md'), 'utf8');
  const code = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text!);
  const found = code.find((text) => text.startsWith(`// ${FILE}\n`));
  if (found === undefined) throw new Error(`docs/mattermost.md has no ${FILE}.`);
  return found;
}

/** What the page says besides: one line more. */
function withPing(text: string): string {
  const changed = text
    .replace('  resetCommand,\n];', '  resetCommand,\n  pingCommand,\n];')
    .replace(/^/, "import { pingCommand } from './ping.command';\n");
  if (!changed.includes('  pingCommand,\n')) throw new Error('COMMANDS does not look as the page supposes.');
  return changed;
}

/** Compiles with the settings of the project, as if the file of the page and its line were there. */
function problemsOf(source: string): string[] {
  const read = ts.readConfigFile(resolve(ROOT, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT);
  const settings: ts.CompilerOptions = { ...options, noEmit: true, incremental: false, tsBuildInfoFile: undefined };
  const host = ts.createCompilerHost(settings);
  const texts = new Map([
    [PATH, source],
    [INDEX, withPing(readFileSync(INDEX, 'utf8'))],
  ]);
  const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)];
  host.fileExists = (path) => texts.has(resolve(path)) || fileExists(path);
  host.readFile = (path) => texts.get(resolve(path)) ?? readFile(path);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(resolve(path));
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, rest[0]);
  };
  const program = ts.createProgram([PATH, INDEX], settings, host);
  return [PATH, INDEX]
    .map((path) => program.getSourceFile(path))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the further command of docs/mattermost.md', () => {
  it('compiles as it stands there, with one line in the list', () => {
    expect(problemsOf(example())).toEqual([]);
    expect(problemsOf(example().replace("name: 'ping'", 'name: 7'))).not.toEqual([]);
  }, 120_000);

  it('answers', async () => {
    const { outputText } = ts.transpileModule(example(), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2024 },
    });
    const exported: { pingCommand?: { run(context: object): Promise<string> } } = {};
    (compileFunction(outputText, ['exports']) as (exports: unknown) => void)(exported);
    const access = { channel: { name: 'Colleagues' } };
    expect(await exported.pingCommand?.run({ access })).toBe('I am there, and called "Colleagues".');
  });
});
