// Owns programs of Debian that read what is exported, unpacked into the cache folder: nothing is installed, so nothing of a service or
// of cloud-init ever starts on the machine of the person who runs the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { removeFolder } from './processes.ts';
import { ROOT } from './markdown.ts';

const cache = join(resolve(process.env['NUMA_PINBOARD_CACHE'] ?? join(ROOT, '.cache')), 'debian');
const MINUTES_5 = 300_000;

const run = (words: readonly [string, ...string[]], cwd = ROOT): { readonly ok: boolean; readonly out: string } => {
  const [program, ...args] = words;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: MINUTES_5 });
  return { ok: status === 0, out: `${stdout}${status === 0 ? '' : stderr}` };
};

export interface Unpacked {
  /** Stands for `/`. */
  readonly root: string;
  /** For what is started from there. */
  readonly env: NodeJS.ProcessEnv;
  /** A program by any of its names there, else of the machine itself. */
  readonly program: (...names: string[]) => string;
}

/** The packages with all they need that this machine has not; or why they cannot be had here. Fetched once for all runs. */
export function unpacked(name: string, packages: readonly string[]): Unpacked | { readonly why: string } {
  const root = join(cache, name);
  if (!existsSync(root)) {
    const why = fetchInto(root, packages);
    if (why !== null) return { why: `Debian's ${packages.join(', ')} cannot be had here: ${why}` };
  }
  const libraries = folders(join(root, 'usr/lib')).flatMap((one) => [
    join(root, 'usr/lib', one),
    join(root, 'usr/lib', one, 'slurm-wlm'),
  ]);
  const python = join(root, 'usr/lib/python3/dist-packages');
  return {
    root,
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':'), PYTHONPATH: python },
    program: (...names) =>
      names
        .flatMap((one) => ['usr/bin', 'usr/sbin'].map((folder) => join(root, folder, one)))
        .find((path) => existsSync(path)) ??
      names[0] ??
      name,
  };
}

const folders = (at: string): string[] => (existsSync(at) ? readdirSync(at) : []);

function fetchInto(root: string, packages: readonly string[]): string | null {
  const asked = (): ReturnType<typeof run> =>
    run(['apt-get', 'install', '--simulate', '--no-install-recommends', '-q', ...packages]);
  let simulated = asked();
  // Lists of packages may be missing, as in a new container.
  if (!simulated.ok && process.getuid?.() === 0 && run(['apt-get', 'update', '-q']).ok) simulated = asked();
  if (!simulated.ok) return simulated.out.trim().slice(-300) || 'there is no apt-get';
  const missing = [...simulated.out.matchAll(/^Inst (\S+)/gm)].map(([, one]) => one ?? '');
  const fresh = `${root}.${String(process.pid)}.tmp`;
  const debs = join(fresh, 'debs');
  mkdirSync(debs, { recursive: true });
  try {
    // What is installed already is wanted all the same: it is part of the root.
    const fetched = run(['apt-get', 'download', '-q', ...new Set([...packages, ...missing])], debs);
    if (!fetched.ok) return fetched.out.trim().slice(-300);
    const tree = join(fresh, 'root');
    mkdirSync(tree);
    for (const deb of readdirSync(debs))
      if (!run(['dpkg-deb', '--extract', join(debs, deb), tree]).ok) return `${deb} cannot be unpacked`;
    renameSync(tree, root);
    return null;
  } finally {
    removeFolder(fresh);
  }
}
