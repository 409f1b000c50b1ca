// Owns the bundling of a test module into the one CommonJS file that the extension host loads.
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Bundles `entry`, which exports `run(): Promise<void>`; returns the file to give as `testsPath`. */
export async function bundleTestModule(entry: string): Promise<string> {
  // Inside the repository, so that what stays outside the bundle is found in its node_modules; .cjs, because the
  // repository's own package is of type module.
  const outfile = join(repository, 'build', 'vscode-test', `${basename(entry).replace(/\.[cm]?ts$/, '')}.cjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    // playwright-core reads files of its own package at run time.
    external: ['vscode', 'playwright-core', 'axe-core'],
  });
  return outfile;
}
