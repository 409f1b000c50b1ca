// Bundles the three programs: the command line, the extension, the page. `dist/meta.json` holds esbuild's metafile,
// which test/unit/walls.test.ts reads. Nothing here downloads or compiles native code.
import { build } from 'esbuild';
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const root = new URL('.', import.meta.url);
const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));

/** ssh2 tries these and goes on in plain JavaScript without them. */
const OPTIONAL_NATIVE = ['cpu-features', '*.node'];

/** @type {import('esbuild').BuildOptions & { metafile: true }} */
const common = {
  absWorkingDir: new URL(root).pathname,
  bundle: true,
  minify: true,
  sourcemap: 'linked',
  metafile: true,
  legalComments: 'linked',
  logLevel: 'warning',
  define: { PINBOARD_VERSION: JSON.stringify(version) },
};
/** @type {typeof common} */
const node = { ...common, platform: 'node', target: 'node20', external: OPTIONAL_NATIVE };

/** @type {readonly (typeof common)[]} */
const PROGRAMS = [
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    format: 'esm',
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
    entryPoints: ['src/extension/main.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    external: [...OPTIONAL_NATIVE, 'vscode'],
  },
  {
    ...common,
    entryPoints: ['src/webview/main.ts'],
    outfile: 'dist/board.js',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
  },
  { ...common, entryPoints: ['media/board/index.css'], outfile: 'dist/board.css' },
];

export async function bundle() {
  await mkdir(new URL('dist', root), { recursive: true });
  const results = await Promise.all(PROGRAMS.map((program) => build(program)));
  const inputs = {};
  const outputs = {};
  for (const { metafile } of results) {
    Object.assign(inputs, metafile.inputs);
    Object.assign(outputs, metafile.outputs);
  }
  await writeFile(new URL('dist/meta.json', root), JSON.stringify({ inputs, outputs }));
}
