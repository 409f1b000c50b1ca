// Owns bringing a condition about on an emulated host, seeing that it is there, and taking it away again.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { LabHost } from '../../../test/support/lab.ts';
import { removeFolder, temporaryFolder } from '../../../test/support/processes.ts';
import type { Scripts } from './fault.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const prelude = readFileSync(join(here, 'prelude.sh'), 'utf8');

/** The node that a condition is about, and another one. */
export interface Place {
  readonly near: number;
  readonly far: number;
}

/** Brings the program that conditions are made with. */
export async function bringWorker(lab: LabHost): Promise<void> {
  const folder = temporaryFolder('faults');
  try {
    const worker = join(folder, 'worker');
    execFileSync('musl-gcc', ['-static', '-s', '-O1', '-pthread', '-o', worker, join(here, 'worker.c')]);
    const text = gzipSync(readFileSync(worker)).toString('base64').replaceAll(/.{76}/g, '$&\n');
    const put = `mkdir -p /tmp/faults\nbase64 -d <<'END' | gunzip >/tmp/faults/new\n${text}\nEND\n`;
    await lab.ask('root', `${put}chmod 755 /tmp/faults/new && mv /tmp/faults/new /tmp/faults/worker`);
  } finally {
    removeFolder(folder);
  }
}

const script = ({ near, far }: Place, words: string): string =>
  `near=${String(near)} far=${String(far)}\n${prelude}\n${words}\n`;

/** Several in one go, each in a shell of its own. Throws what went wrong where one is not there afterwards; nothing is left then. */
export async function seed(lab: LabHost, all: readonly Scripts[], place: Place): Promise<void> {
  const words = all.map(({ seed: begin = ':', seen }) => {
    return `(\n${begin}\n(\n${seen}\n) || { echo "it is not there" >&2; exit 1; }\n)`;
  });
  const { code, stderr } = await lab.sh('root', script(place, ['set -e', ...words].join('\n')));
  if (code === 0) return;
  await undo(lab, all, place);
  throw new Error(stderr.trim().slice(-500) || `its script ended with ${String(code)}`);
}

export async function undo(lab: LabHost, all: readonly Pick<Scripts, 'undo'>[], place: Place): Promise<void> {
  await lab.ask('root', script(place, ['undo', ...all.map(({ undo: end = ':' }) => end)].join('\n')));
}
