// Runs commands of the command line for `Desk` (desk.ts), one after the other in this one process: `main` of the entry that is named, each
// time anew, with the words, environment and exit status of a process of its own. What it loads stays loaded.
import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [entry = ''] = process.argv.slice(2);
const main = pathToFileURL(resolve(entry)).href;
/** @type {Record<'stdout' | 'stderr', Buffer[]>} */
const written = { stdout: [], stderr: [] };
for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
  const stream = process[name];
  /** @param {string | Uint8Array} chunk */
  const write = (chunk) => written[name].push(Buffer.from(chunk)) > 0;
  stream.write = write;
}
const text = (/** @type {'stdout' | 'stderr'} */ name) => Buffer.concat(written[name].splice(0)).toString();

// Each command adds its own, and leaves them.
setMaxListeners(0, process, process.stdout, process.stderr);

let ran = 0;
/** @param {import('./desk.ts').Asked} asked */
async function run({ words, env }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  process.argv = [process.execPath, entry, ...words];
  process.exitCode = undefined;
  const own = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((name) => ({ name, listeners: process.rawListeners(name) }));
  await import(`${main}?${String(ran++)}`);
  for (const { name, listeners } of own)
    for (const one of process.rawListeners(name))
      if (!listeners.includes(one)) process.off(name, /** @type {() => void} */ (one));
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  process.send?.({ code: process.exitCode ?? 0, stdout: text('stdout'), stderr: text('stderr') });
}

process.on('message', (asked) => void run(/** @type {import('./desk.ts').Asked} */ (asked)));
process.on('disconnect', () => process.exit());
