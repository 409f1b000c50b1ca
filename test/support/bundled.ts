// Owns making one file of a TypeScript program that tests start several times: Node alone loads it in a fifth of the time.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { temporaryFolder } from './processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What ssh2, which is CommonJS, asks for. */
const COMMONJS = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url), __dirname = import.meta.dirname;`;

/**
 * @param file of the program; to its modules, they all lie where it does.
 * @returns the path of what `node` takes
 */
export async function bundled(file: string): Promise<string> {
  const made = join(temporaryFolder('bundled'), 'program.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    ...{ outfile: made, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' },
    external: ['cpu-features', '*.node'],
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(file).href),
      'import.meta.dirname': JSON.stringify(dirname(file)),
    },
    banner: { js: COMMONJS },
  });
  return made;
}
