// Owns the .vsix that the workbench tests install: packed once a test process, by the same script that packs a release.
import { startProcess } from '../support/processes.ts';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/package.mjs', import.meta.url));

let packed: Promise<string> | undefined;

/** @returns path of the packed extension. */
export function packExtension(): Promise<string> {
  return (packed ??= pack());
}

async function pack(): Promise<string> {
  const packing = await startProcess(process.execPath, [script]);
  let stdout = '';
  packing.child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const { code } = await packing.ended;
  if (code !== 0) throw new Error(`npm run package failed:\n${packing.output()}`);
  return stdout.trim().split('\n').at(-1) ?? '';
}
