// Owns a small real program of the tests on an emulated host.
import { readFileSync } from 'node:fs';
import { buildProgram } from './built.ts';
import type { LabHost } from './lab.ts';

export interface BroughtProgram {
  /** On the host. */
  readonly path: string;
  remove(): Promise<void>;
}

/** @param name of a C file beside this one, and of the process. */
export async function bringProgram(lab: LabHost, name: Parameters<typeof buildProgram>[0]): Promise<BroughtProgram> {
  const path = `/tmp/${name}`;
  const built = buildProgram(name);
  try {
    const bytes = readFileSync(built.path).toString('base64');
    await lab.ask('bench', `base64 -d >${path} <<'END'\n${bytes}\nEND\nchmod 755 ${path}`);
  } finally {
    built.remove();
  }
  return {
    path,
    async remove() {
      await lab.ask('bench', `rm -f ${path}`);
    },
  };
}
