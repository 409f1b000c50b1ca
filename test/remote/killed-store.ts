// A program that keeps runs and renames them until it is killed. Arguments: the folder of the store, a run.
import { readFileSync } from 'node:fs';
import { parseRun } from '../../src/protocol/run.ts';
import { RunStore } from '../../src/remote/store/run-store.ts';

const [folder, file] = process.argv.slice(2);
if (folder === undefined || file === undefined) throw new Error('which folder, and which run?');
const store = new RunStore(folder);
const run = parseRun(readFileSync(file, 'utf8'));
for (let nth = 0; ; nth++) {
  await store.write({ ...run, id: `killed-${nth % 7}`, seconds: nth });
  if (nth === 3) process.stdout.write('writing\n');
  await store.rename('killed-0', `name ${nth}`);
}
