// `scripts/fuzz.ts [COUNT [SEED]]`, a part of `npm run fuzz`: opens 100,000 mutated inputs as `--from` does and exits with 1 if any of
// them crashes, hangs or takes too much memory. Prints the seed, and keeps each input that failed.
import { fork } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerMessage } from '../test/fuzz/worker.ts';

const HANG_MS = 30_000;
const MAX_RSS = 512 * 1024 * 1024;
// Below it, so that a leak shows as the heap's own end and not only in a measure between two inputs.
const HEAP_MB = 256;

const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pinboard-fuzz-'));
const kept = join(tmpdir(), `pinboard-fuzz-failures-${seed}`);

const failures: { index: number; why: string }[] = [];
const outcomes = new Map<string, number>();
let [highest, slowest, slowestAt, done] = [0, 0, -1, 0];
const begun = Date.now();
console.log(`fuzz: ${count} inputs, seed ${seed}`);

for (let next = 0; next < count;) next = await runFrom(next);

const seconds = Math.round((Date.now() - begun) / 1000);
for (const [key, number] of [...outcomes].sort(([a], [b]) => a.localeCompare(b)))
  console.log(`${String(number).padStart(7)} ${key}`);
console.log(
  `${done} inputs in ${seconds} s, at most ${Math.round(highest / 2 ** 20)} MiB, slowest ${slowest} ms (number ${slowestAt})`,
);
for (const { index, why } of failures)
  console.log(`✖ input ${index} (seed ${seed}): ${why}\n  kept: ${join(kept, String(index))}`);
rmSync(folder, { recursive: true });
console.log(`${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);

function keep(index: number, why: string): void {
  mkdirSync(kept, { recursive: true });
  copyFileSync(join(folder, 'input'), join(kept, String(index)));
  failures.push({ index, why });
}

/** Runs one process until it is through or fails; gives the number of the input after that. */
function runFrom(first: number): Promise<number> {
  return new Promise((resolve) => {
    const args = [seed, first, count, folder].map(String);
    const worker = fork(join(root, 'test/fuzz/worker.ts'), args, {
      cwd: root,
      execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MB}`],
    });
    let [current, since, finished] = [first, Date.now(), false];
    let ended: string | null = null;
    const end = (why: string): void => {
      ended ??= why;
      worker.kill('SIGKILL');
    };
    const watch = setInterval(() => {
      if (Date.now() - since > HANG_MS) end(`hangs: nothing after ${HANG_MS / 1000} s`);
    }, 250);
    worker.on('message', (message: WorkerMessage) => {
      if (message.event === 'begun') [current, since] = [message.index, Date.now()];
      else if (message.event === 'crashed') keep(message.index, message.why);
      else if (message.event === 'finished') finished = true;
      else {
        done++;
        const took = Date.now() - since;
        if (took > slowest) [slowest, slowestAt] = [took, message.index];
        const key = `${message.kind}: ${message.outcome}`;
        outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
        highest = Math.max(highest, message.rss);
        if (message.rss > MAX_RSS) end(`takes ${Math.round(message.rss / 2 ** 20)} MiB`);
      }
    });
    worker.on('close', (code, signal) => {
      clearInterval(watch);
      if (finished && ended === null) {
        resolve(count);
        return;
      }
      keep(current, ended ?? `its process ended with ${signal ?? String(code)}`);
      resolve(current + 1);
    });
  });
}
