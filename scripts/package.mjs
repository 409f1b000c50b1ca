// `npm run package`: dist/numa-pinboard-VERSION.vsix for the editor and dist/numa-pinboard-VERSION.tgz for npm. Each is packed out of a
// folder that holds exactly what its list names, so that nothing gets in by accident. Both hold the agent for every
// architecture. `--as-built` is for tests: what is built already, with the agents that are there; `--extension` packs that alone.
import { createVSIX } from '@vscode/vsce';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from '../esbuild.mjs';
import { buildAgent } from './build-agent.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Larger than this, something got in that does not belong there. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * A program as the bundler wrote it: the file that starts, those beside it that are loaded later, and whose work is in them.
 * @param {'cli' | 'extension' | 'web' | 'board'} name
 */
function programFiles(name) {
  const own = new RegExp(`^${name}(-[\\w-]+)?\\.(c?js|css)(\\.LEGAL\\.txt)?$`);
  return readdirSync(dist).flatMap((file) => (own.test(file) ? [`dist/${file}`] : []));
}

/** What the editor is given. A folder counts with all that is in it. */
const extensionFiles = () => [
  'LICENSE',
  'CHANGELOG.md',
  'media/icon.png',
  'media/numa.svg',
  'media/tab-dark.svg',
  'media/tab-light.svg',
  'docs/examples/four-sockets-queue.numa.json',
  'media/walkthrough',
  'package.nls.json',
  'docs/MEASURES.md',
  'docs/schema/plan.schema.json',
  'docs/schema/run.schema.json',
  ...programFiles('extension'),
  ...programFiles('web'),
  ...programFiles('board'),
  'dist/agent',
];
const commandLineFiles = () => [
  'LICENSE',
  'CHANGELOG.md',
  ...programFiles('cli'),
  ...programFiles('board'),
  'dist/agent',
];

/** Of package.json: what each is told by. */
const COMMON_FIELDS = ['name', 'description', 'version', 'license', 'repository', 'homepage', 'bugs', 'keywords'];
const EXTENSION_FIELDS = [
  ...COMMON_FIELDS,
  ...[
    'displayName',
    'publisher',
    'icon',
    'galleryBanner',
    'categories',
    'pricing',
    'qna',
    'main',
    'browser',
    'extensionKind',
  ],
  ...['activationEvents', 'capabilities', 'contributes'],
];
// Not of the extension: VS Code on the web then takes a file that ends in .js for a module, which it cannot load.
const COMMAND_LINE_FIELDS = [...COMMON_FIELDS, 'type', 'bin'];

/**
 * The fields of package.json in their order, `engines` only of who runs it.
 * @param {readonly string[]} fields
 * @param {'node' | 'vscode'} engine
 * @returns {{ version: string, engines: object }} and the rest of them
 */
function manifest(fields, engine) {
  const all = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const kept = Object.entries(all).filter(([key]) => fields.includes(key));
  return { version: all.version, ...Object.fromEntries(kept), engines: { [engine]: all.engines[engine] } };
}

/**
 * Fills a folder with the files of a list, a README and a manifest.
 * @param {string} folder
 * @param {{ files: readonly string[], readme: string, fields: object }} content
 */
function fill(folder, { files, readme, fields }) {
  const missing = files.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')}.`);
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { recursive: true });
  }
  writeFileSync(join(folder, 'README.md'), readme);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(fields, null, 2)}\n`);
}

/** @param {string} name of a file in docs/ */
const documentOf = (name) => readFileSync(join(root, 'docs', name), 'utf8');

/**
 * The editor shows a README's pictures by https alone: none that is packed beside it, and none out of the text (`data:`). So they lie where the
 * repository shows them, which package.json names.
 */
function readmeWithPictures() {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const shown = `${repository.url.replace(/\.git$/, '')}/raw/HEAD/docs`;
  return documentOf('EXTENSION.md').replaceAll(/\]\((images\/[\w-]+\.png)\)/g, (_, image) => `](${shown}/${image})`);
}

/** @param {string} folder */
async function packExtension(folder) {
  const fields = manifest(EXTENSION_FIELDS, 'vscode');
  fill(folder, { files: extensionFiles(), readme: readmeWithPictures(), fields });
  // The folder itself is the list.
  writeFileSync(join(folder, '.vscodeignore'), '');
  const packed = join(folder, `numa-pinboard-${fields.version}.vsix`);
  await createVSIX({ cwd: folder, packagePath: packed, dependencies: false, rewriteRelativeLinks: false });
  return packed;
}

/** @param {string} folder */
function packCommandLine(folder) {
  fill(folder, {
    files: commandLineFiles(),
    readme: documentOf('COMMAND-LINE.md'),
    fields: manifest(COMMAND_LINE_FIELDS, 'node'),
  });
  const answer = execFileSync('npm', ['pack', '--json', '--ignore-scripts'], {
    cwd: folder,
    encoding: 'utf8',
    // There npm is a batch file.
    shell: process.platform === 'win32',
  });
  return join(folder, JSON.parse(answer)[0].filename);
}

/**
 * @param {(folder: string) => string | Promise<string>} packer packs in an empty folder, and gives the path of the package.
 * @returns {Promise<string>} where the package is then.
 */
async function packed(packer) {
  const folder = mkdtempSync(join(dist, 'packing-'));
  try {
    const made = await packer(folder);
    const { size } = statSync(made);
    if (size > MAX_BYTES)
      throw new Error(`${basename(made)} has ${size} bytes, more than the ${MAX_BYTES} that it may have.`);
    const path = join(dist, basename(made));
    renameSync(made, path);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function build() {
  await bundle();
  const agent = buildAgent({ all: true });
  if (!agent.built) throw new Error(agent.why);
  if (agent.lacking.length > 0)
    throw new Error(
      'The packages hold the agent for x86-64 and arm64, and a compiler for one of them is missing. Install it: ' +
        `sudo apt install ${agent.lacking.join(' ')}`,
    );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    if (!process.argv.includes('--as-built')) await build();
    const packers = process.argv.includes('--extension') ? [packExtension] : [packCommandLine, packExtension];
    for (const packer of packers) console.log(await packed(packer));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
