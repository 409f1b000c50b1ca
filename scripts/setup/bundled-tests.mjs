// Owns plain JavaScript of the test files, made once for all suites: Node loads it in a third of the time that it takes to strip types
// module by module, in each process anew.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What each group of files is run by. */
const TOGETHER = ['test/support/repeatable.ts', 'test/support/together.ts'];

/**
 * @param {string} root
 * @param {readonly string[]} files relative to it
 * @returns {Promise<string>} a folder that goes when this process ends: of each file, what was made of it lies where `madeOf` says. It lies in the
 *   repository, because packages stay outside the bundles.
 * @throws what esbuild says, of all files at once
 */
export async function bundleTests(root, files) {
  const esbuild = await import('esbuild'); // which may have come with this very run
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build', 'tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...TOGETHER, ...files],
    ...{ outdir: folder, outbase: root, outExtension: { '.js': '.mjs' } },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external' },
    ...{ sourcemap: true, logLevel: 'silent', plugins: [staysWhereItIs(root, esbuild)] },
  });
  return folder;
}

/**
 * @param {string} folder
 * @param {string} file relative to the root
 */
export const madeOf = (folder, file) => join(folder, file.replace(/\.ts$/, '.mjs'));

/**
 * Files find others beside them by `import.meta`, also from a bundle.
 * @param {string} root
 * @param {typeof import('esbuild')} esbuild
 * @returns {import('esbuild').Plugin}
 */
const staysWhereItIs = (root, { transform }) => ({
  name: 'stays-where-it-is',
  setup({ onLoad }) {
    onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta')) return null;
      const { code } = await transform(text, {
        loader: path.endsWith('.ts') ? 'ts' : 'js',
        define: {
          'import.meta.url': JSON.stringify(pathToFileURL(path).href),
          'import.meta.dirname': JSON.stringify(dirname(path)),
        },
        ...{ sourcemap: 'inline', sourcefile: relative(root, path), target: 'node20' },
      });
      return { contents: code, loader: 'js' };
    });
  },
});
