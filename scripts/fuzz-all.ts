// `npm run fuzz [-- COUNT [SEED]]`: COUNT mutated files for `--from` (100,000), then a twentieth as many attacks on a served board.
// Exits with 1 if either fails. Needs the build (`npm run build`) and the agent.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const root = fileURLToPath(new URL('..', import.meta.url));

const runs = [
  ['scripts/fuzz.ts', count, seed],
  ['test/fuzz/served.ts', seed, Math.ceil(count / 20)],
].map((args) => spawnSync(process.execPath, ['--import', 'tsx', ...args.map(String)], { cwd: root, stdio: 'inherit' }));
process.exit(runs.every(({ status }) => status === 0) ? 0 : 1);
