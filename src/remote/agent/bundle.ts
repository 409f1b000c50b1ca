/** The agent as it was built (scripts/build-agent.mjs): a binary an architecture, and the sources for all others. */

import { createHash } from 'node:crypto';
import { access, constants, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { PinboardError } from '../../model/problem.ts';

const manifestSchema = v.object({
  version: v.literal(1),
  binaries: v.array(
    v.object({
      architecture: v.string(),
      file: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]+$/)),
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    }),
  ),
});

export interface Binary {
  readonly path: string;
  readonly sha256: string;
}

export function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function notBuilt(dir: string, cause: unknown): PinboardError {
  return new PinboardError(
    'no-agent',
    `The measuring agent is missing from ${dir}.`,
    'Build it: npm run build (needs a C compiler: sudo apt install gcc).',
    { cause },
  );
}

/** The binary for `uname -m`, null where none was built for it. */
export async function findBinary(dir: string, architecture: string): Promise<Binary | null> {
  let text: string;
  try {
    text = await readFile(join(dir, 'manifest.json'), 'utf8');
  } catch {
    return null;
  }
  let binaries: v.InferOutput<typeof manifestSchema>['binaries'];
  try {
    ({ binaries } = v.parse(manifestSchema, JSON.parse(text)));
  } catch (error) {
    throw notBuilt(dir, error);
  }
  const found = binaries.find((binary) => binary.architecture === architecture);
  return found ? { path: join(dir, found.file), sha256: found.sha256 } : null;
}

/** Whether it can be started where it lies: unpacking an archive may have lost its permission. */
export function isExecutable({ path }: Binary): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** @throws PinboardError `no-agent` when the file is not what was built. */
export async function readBinary({ path, sha256: wanted }: Binary): Promise<Buffer> {
  const data = await readFile(path).catch((error: unknown) => {
    throw notBuilt(path, error);
  });
  if (sha256(data) !== wanted) {
    throw new PinboardError(
      'no-agent',
      `${path} does not match the agent that was built.`,
      'Rebuild it: npm run build',
    );
  }
  return data;
}

/** All sources as one shell archive: a script of here-documents, for not every host has tar. */
export async function readSources(dir: string): Promise<Buffer> {
  const folder = join(dir, 'src');
  try {
    const names = (await readdir(folder)).filter((name) => /^[a-z0-9_]+\.[ch]$/.test(name)).sort();
    if (names.length === 0) throw new Error('no sources');
    const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    // A delimiter that no line can be: it names the content's own sum.
    const end = `END-${sha256(Buffer.from(files.join('')))}`;
    return Buffer.from(names.map((name, at) => `cat >${name} <<'${end}'\n${files[at]}${end}\n`).join(''));
  } catch (error) {
    throw notBuilt(dir, error);
  }
}
