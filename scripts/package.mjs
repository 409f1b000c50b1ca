// `npm run package`: builds everything and packs it into numa-pinboard-VERSION.vsix. The result is opened again and
// checked, so that a packaging mistake is found here and not by a person who installed it.
import { createVSIX, listFiles } from '@vscode/vsce';
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from '../esbuild.mjs';
import { buildAgent } from './build-agent.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Without one of these the extension does not work. */
const NEEDED = [
  'dist/extension.cjs',
  'dist/board.js',
  'dist/board.css',
  'dist/agent/manifest.json',
  'package.json',
  'package.nls.json',
];
/** Larger than this, something got in that does not belong there. */
const MAX_BYTES = 8 * 1024 * 1024;

/** @returns path of the package. */
export async function pack() {
  await bundle();
  const agent = buildAgent({ optional: false, all: true });
  if (!agent.built) throw new Error(agent.why);
  const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'));
  const packagePath = `${root}dist/numa-pinboard-${version}.vsix`;
  // No dependency is shipped beside the bundles, and the README's links stay as they are: docs/ is not shipped.
  const options = { cwd: root, dependencies: false, rewriteRelativeLinks: false };
  const files = await listFiles(options);
  const missing = NEEDED.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`The package is missing ${missing.join(', ')}.`);
  const stray = files.filter(
    (file) => /(^|\/)(src|test|node_modules)\//.test(file) && !file.startsWith('dist/agent/src/'),
  );
  if (stray.length > 0) throw new Error(`The package contains files it should not: ${stray.slice(0, 5).join(', ')}.`);
  await createVSIX({ ...options, packagePath, allowMissingRepository: true, skipLicense: false });
  const { size } = await stat(packagePath);
  if (size > MAX_BYTES) throw new Error(`The package has ${size} bytes, but should never have more than ${MAX_BYTES}.`);
  return packagePath;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.stdout.write(`${await pack()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
