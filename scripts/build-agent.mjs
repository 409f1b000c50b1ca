// Owns: building the native agent into dist/agent: a binary an architecture, the sources (hosts of other architectures
// compile them), and a manifest with the checksums that the deployment holds uploads against.
//
//   node scripts/build-agent.mjs [--all] [--optional]
//
// --all also cross-compiles for the architectures a cross compiler is here for. --optional: to have no C compiler is no
// failure; the words that say what is missing are printed all the same.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const native = join(root, 'native');
const include = join(native, 'include');
const sources = [join(native, 'src'), include];
const out = join(root, 'dist', 'agent');

/** @type {Readonly<Partial<Record<NodeJS.Architecture, string>>>} */
const architectureOfNode = { x64: 'x86_64', arm64: 'aarch64' };
/**
 * Compilers by architecture of the result; musl first, for its binary is a tenth of glibc's.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const crossCompilers = {
  x86_64: ['x86_64-linux-gnu-gcc'],
  aarch64: ['aarch64-linux-gnu-gcc', 'aarch64-linux-musl-gcc'],
};
/** Debian's package with a compiler, by architecture of what it makes. */
const compilerPackages = { x86_64: 'gcc-x86-64-linux-gnu', aarch64: 'gcc-aarch64-linux-gnu' };
const ownCompilers = ['musl-gcc', 'cc', 'gcc', 'clang'];

const missing =
  'No C compiler is installed, so the native agent cannot be built. Install one: sudo apt install gcc ' +
  '(with musl-tools the binary is smaller), or sudo dnf install gcc glibc-static.';

/** @typedef {{ name: string, flags: readonly string[] }} Compiler */

/**
 * @param {string} compiler
 * @param {readonly string[]} flags
 */
function compiles(compiler, flags) {
  try {
    execFileSync(compiler, [...flags, '-x', 'c', '-o', '/dev/null', '-'], {
      input: 'int main(void){return 0;}',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * The first compiler that really makes a program, and whether it can make a static one.
 * @param {readonly string[]} names
 * @returns {Compiler | undefined}
 */
function findCompiler(names) {
  for (const name of names) {
    if (compiles(name, ['-static'])) return { name, flags: ['-static'] };
    if (compiles(name, [])) return { name, flags: [] };
  }
  return undefined;
}

/**
 * The newest change of what a binary is made from; this script is part of that.
 * @param {readonly string[]} files
 */
function newestSource(files) {
  return Math.max(...[...files, fileURLToPath(import.meta.url)].map((file) => statSync(file).mtimeMs));
}

/** @param {string} architecture */
function binaryOf(architecture) {
  return join(out, `numa-agent-${architecture}`);
}

/**
 * The compiled sources, each for itself and several at a time; null where `make` is missing, or does not like what it sees (to it a
 * warning is an error). The agent's tests link the same ones.
 * @param {Compiler} compiler
 * @param {readonly string[]} units
 */
function compileByMake(compiler, units) {
  const build = join('build', compiler.name);
  try {
    execFileSync(
      'make',
      [`-j${availableParallelism()}`, 'objects', 'CFLAGS=-O2', `CC=${compiler.name}`, `BUILD=${build}`],
      {
        cwd: native,
        stdio: 'ignore',
      },
    );
    return units.map((unit) => join(native, build, `${basename(unit, '.c')}.o`));
  } catch {
    return null;
  }
}

/**
 * @param {string} target
 * @param {Compiler} compiler
 * @param {readonly string[]} files
 */
function compile(target, compiler, files) {
  // Made beside its place and moved there: a test that runs meanwhile sees the old one or the new one, whole.
  const draft = `${target}.${process.pid}`;
  const flags = ['-std=gnu11', '-O2', '-pthread', '-s', '-Wall', '-Wextra', ...compiler.flags];
  const units = files.filter((name) => name.endsWith('.c'));
  const parts = compileByMake(compiler, units) ?? units;
  try {
    execFileSync(compiler.name, [...flags, '-I', include, '-o', draft, ...parts], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * What the manifest says of a binary.
 * @param {string} architecture
 */
function entryOf(architecture) {
  const target = binaryOf(architecture);
  const bytes = readFileSync(target);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { architecture, file: basename(target), sha256, bytes: bytes.length };
}

/**
 * Writes a file only where its content changes, so that its time says when it did.
 * @param {string} path
 * @param {string} content
 */
function put(path, content) {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

/**
 * All into one folder: that is how a host compiles them.
 * @param {readonly string[]} files
 */
function copySources(files) {
  const to = join(out, 'src');
  mkdirSync(to, { recursive: true });
  const names = files.map((file) => basename(file));
  for (const stale of readdirSync(to)) if (!names.includes(stale)) rmSync(join(to, stale));
  for (const file of files) {
    const copy = join(to, basename(file));
    if (existsSync(copy) && statSync(copy).mtimeMs >= statSync(file).mtimeMs) continue;
    copyFileSync(file, copy);
  }
}

/**
 * Builds what is missing or older than its sources. `built` is true when the binary of this machine is there afterwards;
 * `why` says what happened, in words; `compilerMissing` when a C compiler is all that it lacks.
 *
 * @param {{ optional?: boolean, all?: boolean }} [options]
 * @returns {{ built: boolean, why: string, compilerMissing: boolean, lacking: readonly string[] }} `lacking`: Debian's packages with
 *   compilers for the architectures that no binary is here for.
 */
export function buildAgent({ optional = false, all = false } = {}) {
  const files = sources.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.[ch]$/.test(name))
      .sort()
      .map((name) => join(folder, name)),
  );
  const own = architectureOfNode[process.arch];
  copySources(files);
  if (process.platform !== 'linux' || own === undefined) {
    return {
      built: false,
      compilerMissing: false,
      lacking: [],
      why: `The agent can only be built on Linux on x86-64 or arm64; this is ${process.platform} on ${process.arch}. Hosts will compile it from its sources.`,
    };
  }
  const newest = newestSource(files);
  /** @param {string} architecture */
  const isCurrent = (architecture) => {
    const file = binaryOf(architecture);
    return existsSync(file) && statSync(file).mtimeMs >= newest;
  };
  for (const architecture of [own, ...(all ? Object.keys(crossCompilers) : [])]) {
    const compiler = findCompiler(architecture === own ? ownCompilers : (crossCompilers[architecture] ?? []));
    if (compiler === undefined && architecture === own && !optional)
      return { built: false, why: missing, compilerMissing: true, lacking: [] };
    if (compiler !== undefined && !isCurrent(architecture)) compile(binaryOf(architecture), compiler, files);
  }
  // One of another architecture that was built earlier stays listed until its sources are newer.
  const architectures = [own, ...Object.keys(crossCompilers).filter((name) => name !== own)];
  for (const architecture of architectures.filter((name) => !isCurrent(name)))
    rmSync(binaryOf(architecture), { force: true });
  const binaries = architectures.filter(isCurrent).map(entryOf);
  put(join(out, 'manifest.json'), `${JSON.stringify({ version: 1, binaries }, null, 2)}\n`);
  const built = binaries.some((binary) => binary.architecture === own);
  return {
    built,
    compilerMissing: !built,
    lacking: Object.entries(compilerPackages).flatMap(([architecture, name]) =>
      binaries.some((binary) => binary.architecture === architecture) ? [] : [name],
    ),
    why: built ? `The agent is built for ${binaries.map((binary) => binary.architecture).join(' and ')}.` : missing,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const optional = process.argv.includes('--optional');
  const { built, why } = buildAgent({ optional, all: process.argv.includes('--all') });
  (built ? console.log : console.error)(why);
  process.exitCode = built || optional ? 0 : 1;
}
