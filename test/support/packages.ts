// Owns the packages that people install, packed once a test process by the script that packs a release, of what is built.
import { fileURLToPath } from 'node:url';
import { startProcess } from './processes.ts';

const script = fileURLToPath(new URL('../../scripts/package.mjs', import.meta.url));

export interface Packages {
  /** Paths. */
  readonly extension: string;
  readonly commandLine: string;
}

let all: Promise<Packages> | undefined;
let extension: Promise<string> | undefined;

export function packAll(): Promise<Packages> {
  return (all ??= pack([]).then((made) => ({ extension: made('.vsix'), commandLine: made('.tgz') })));
}

/** @returns path of the packed extension. The package for npm is not made: npm alone takes longer than all the rest. */
export function packExtension(): Promise<string> {
  return (extension ??= pack(['--extension']).then((made) => made('.vsix')));
}

/** @returns what gives the path of the package whose name ends so. */
async function pack(words: readonly string[]): Promise<(ending: string) => string> {
  const packing = await startProcess(process.execPath, [script, '--as-built', ...words]);
  let stdout = '';
  packing.child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const { code } = await packing.ended;
  if (code !== 0) throw new Error(`npm run package failed:\n${packing.output()}`);
  const lines = stdout.split('\n').map((line) => line.trim());
  return (ending) => {
    const path = lines.find((line) => line.endsWith(ending) && line.startsWith('/'));
    if (path === undefined) throw new Error(`npm run package made no ${ending}:\n${packing.output()}`);
    return path;
  };
}
