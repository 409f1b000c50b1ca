// Owns the packages that people install, packed once a test process by the script that packs a release, of what is built.
import { fileURLToPath } from 'node:url';
import { startProcess } from './processes.ts';

const script = fileURLToPath(new URL('../../scripts/package.mjs', import.meta.url));

export interface Packages {
  /** Paths. */
  readonly extension: string;
  readonly commandLine: string;
}

let packed: Promise<Packages> | undefined;

export function packAll(): Promise<Packages> {
  return (packed ??= pack());
}

/** @returns path of the packed extension. */
export const packExtension = async (): Promise<string> => (await packAll()).extension;

async function pack(): Promise<Packages> {
  const packing = await startProcess(process.execPath, [script, '--as-built']);
  let stdout = '';
  packing.child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const { code } = await packing.ended;
  if (code !== 0) throw new Error(`npm run package failed:\n${packing.output()}`);
  const lines = stdout.split('\n').map((line) => line.trim());
  const pathOf = (ending: string): string => {
    const path = lines.find((line) => line.endsWith(ending) && line.startsWith('/'));
    if (path === undefined) throw new Error(`npm run package made no ${ending}:\n${packing.output()}`);
    return path;
  };
  return { extension: pathOf('.vsix'), commandLine: pathOf('.tgz') };
}
