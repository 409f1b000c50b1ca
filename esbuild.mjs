// Bundles the programs: the command line, the extension, its edition on the web, the page. Each is one file that starts and (not on the web)
// others beside it that are loaded when they are first needed (`import()` in the source). `dist/meta.json` holds esbuild's metafile, which test/unit/walls.test.ts reads.
// Nothing here downloads or compiles native code.
import { build, transform } from 'esbuild';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** ssh2 tries these and goes on in plain JavaScript without them. */
const OPTIONAL_NATIVE = ['cpu-features', '*.node'];

/** @type {import('esbuild').BuildOptions & { metafile: true, write: false }} */
const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  minify: true,
  sourcemap: 'linked',
  metafile: true,
  // What a build leaves is written, and what an earlier one left is removed, in one place.
  write: false,
  legalComments: 'linked',
  logLevel: 'warning',
  define: { PINBOARD_VERSION: JSON.stringify(version) },
};
/** @type {typeof common} */
const node = { ...common, platform: 'node', target: 'node20', external: OPTIONAL_NATIVE };

/**
 * Files beside one another, as esbuild splits only ES modules; what is loaded later is named after its source.
 * @param {string} name of the file that starts
 */
const split = (name) => ({
  format: /** @type {const} */ ('esm'),
  splitting: true,
  chunkNames: `${name}-[name]-[hash]`,
});

/** @type {readonly (typeof common)[]} */
const PROGRAMS = [
  {
    ...node,
    ...split('cli'),
    entryPoints: { cli: 'src/cli/main.ts' },
    // ssh2 is CommonJS: it calls require() for Node's own modules and looks beside itself.
    banner: {
      js: [
        '#!/usr/bin/env node',
        "import { createRequire as pinboardRequire } from 'node:module';",
        'const require = pinboardRequire(import.meta.url);',
        "const __dirname = require('node:path').dirname(require('node:url').fileURLToPath(import.meta.url));",
      ].join('\n'),
    },
  },
  {
    ...node,
    ...split('extension'),
    entryPoints: { extension: 'src/extension/main.ts' },
    outExtension: { '.js': '.cjs' },
    external: [...OPTIONAL_NATIVE, 'vscode'],
    // Read again by `commonJs`.
    sourcemap: 'inline',
  },
  {
    // Where VS Code has no Node (vscode.dev): it shows files.
    ...common,
    entryPoints: { web: 'src/viewer/main.ts' },
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    external: ['vscode'],
  },
  {
    ...common,
    ...split('board'),
    entryPoints: { board: 'src/webview/main.ts' },
    platform: 'browser',
    target: 'es2022',
  },
  { ...common, entryPoints: { board: 'media/board/index.css' } },
];

/**
 * A file of the extension as CommonJS, the only kind that extension hosts of every kind and age load; `import()` becomes a late `require`.
 * @param {string} path @param {string} code an ES module with its map inside
 * @returns {Promise<[path: string, content: string][]>} the file and its map
 */
async function commonJs(path, code) {
  const made = await transform(code, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    supported: { 'dynamic-import': false },
    sourcemap: 'external',
    sourcefile: path,
    legalComments: 'inline',
  });
  const map = `${path}.map`;
  return [
    [path, `${made.code}//# sourceMappingURL=${relative(dist, map)}\n`],
    [map, made.map],
  ];
}

/** What was written by an earlier build under names that this one does not have. */
const OURS = /^(cli|extension|web|board)(-[\w-]+)?\.(c?js|css)(\.map|\.LEGAL\.txt)?$/;

export async function bundle() {
  await mkdir(dist, { recursive: true });
  const results = await Promise.all(PROGRAMS.map((program) => build(program)));
  const inputs = {};
  const outputs = {};
  for (const { metafile } of results) {
    Object.assign(inputs, metafile.inputs);
    Object.assign(outputs, metafile.outputs);
  }
  const made = results.flatMap(({ outputFiles }) => outputFiles);
  const names = new Set();
  for (const { path, text } of made) {
    /** @type {[string, string][]} */
    const files = path.endsWith('.cjs') ? await commonJs(path, text) : [[path, text]];
    for (const [file, content] of files) {
      names.add(relative(dist, file));
      await writeFile(file, content);
    }
  }
  for (const name of await readdir(dist)) if (OURS.test(name) && !names.has(name)) await rm(join(dist, name));
  await writeFile(join(dist, 'meta.json'), JSON.stringify({ inputs, outputs }));
}
