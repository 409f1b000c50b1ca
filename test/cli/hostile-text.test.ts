// Files and names that speak to the terminal: no command lets a control or direction character of them through, in no format.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { parseRun } from '../../src/protocol/run.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { runOf } from '../unit/topologies.ts';
import { boardClient, enter, nextAddress } from './board-client.ts';
import { cli, start, type Answer } from './cli.ts';

const folder = temporaryFolder('hostile-text');
after(() => removeFolder(folder));

/** Clears the screen, sets the title, colours by C1, turns round, hides, ends lines, breaks out of markup. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp\u2066\u200b\u007f\r\u2028\u{e0041}<b>|`';
const UNSAFE = /[^\P{C}\n\t]|[\u2028\u2029]/u;

function assertHarmless(what: string, text: string): void {
  const found = UNSAFE.exec(text);
  const near = found && JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 60));
  assert.ok(found === null, `${what} lets U+${found?.[0].codePointAt(0)?.toString(16) ?? ''} through: ${near ?? ''}`);
}

function assertAnswer(what: string, { stdout, stderr }: Answer): void {
  assertHarmless(`stdout of ${what}`, stdout);
  assertHarmless(`stderr of ${what}`, stderr);
}

/** Every text of `value` made hostile that may be: those for which `accepts` still holds. */
function poisoned(value: object, accepts: (text: string) => boolean): { text: string; places: number } {
  const root = { value: structuredClone(value) as unknown };
  let places = 0;
  const walk = (holder: Record<string, unknown>): void => {
    for (const [key, held] of Object.entries(holder)) {
      if (typeof held === 'object' && held !== null) walk(held as Record<string, unknown>);
      if (typeof held !== 'string') continue;
      holder[key] = held + HOSTILE;
      if (accepts(JSON.stringify(root.value))) places++;
      else holder[key] = held;
    }
  };
  walk(root);
  return { text: JSON.stringify(root.value), places };
}

const isRun = (text: string): boolean => {
  try {
    parseRun(text);
    return true;
  } catch {
    return false;
  }
};

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const plain = runOf({ figures: [[1, 2, 3].map((n) => n * 1e6), [4, 5, 6].map((n) => n * 1e6)] });
const accepted = poisoned({ ...plain, partial: 'cut short' }, isRun);
const run = file('accepted.numa.json', accepted.text);

test('a run whose every text is hostile', async () => {
  assert.ok(accepted.places > 10, `${String(accepted.places)} texts were made hostile`);
  for (const args of [
    ['check', run, '--max-penalty', '1.5'],
    ['check', run, '--max-penalty', '1.5', '--format', 'json'],
    ['check', run, '--baseline', run, '--max-regression', '5%'],
    ['compare', run, run],
    ['compare', run, run, '--format', 'json'],
    ...['tree', 'json', 'svg', 'xml'].map((format) => ['topology', '--from', run, '--format', format]),
  ]) {
    const answer = await cli(args);
    assertAnswer(args.join(' '), answer);
    assert.ok(answer.stdout.length > 20, answer.stderr);
  }
  const to = join(folder, 'pages');
  const report = await cli(['report', run, run, '--to', to]);
  assert.equal(report.code, 0, report.stderr);
  assertAnswer('report', report);
  const files = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length >= 8, files.map(({ name }) => name).join());
  for (const { parentPath, name } of files) assertHarmless(name, readFileSync(join(parentPath, name), 'utf8'));
});

test('JSON that is printed means what was read', async () => {
  const answer = await cli(['topology', '--from', run, '--format', 'json']);
  const { machine } = JSON.parse(answer.stdout) as { machine: { cpuModel: string } };
  assert.equal(machine.cpuModel, parseRun(accepted.text).topology.machine.cpuModel);
});

test('files that are refused, with words that quote them', async () => {
  const wrong = {
    'schema.json': JSON.stringify({ ...plain, schema: `numa-pinboard/snapshot/1${HOSTILE}` }),
    'newer.json': JSON.stringify({ ...plain, schema: 'numa-pinboard/snapshot/9', x: HOSTILE }),
    'value.json': JSON.stringify({ ...plain, seconds: HOSTILE }),
    'benchmark.json': JSON.stringify({ ...plain, results: [{ ...plain.results[0], benchmark: HOSTILE }] }),
    'key.json': JSON.stringify({ ...plain, environment: { [HOSTILE]: { [HOSTILE]: 1 } } }),
    'id.json': JSON.stringify({ ...plain, id: HOSTILE }),
    'topology.json': JSON.stringify({ schema: `numa-pinboard/topology/1`, machine: HOSTILE }),
    'words.json': `${HOSTILE} {"schema":"numa-pinboard/snapshot/1"`,
    'broken.json': `{"schema":"numa-pinboard/snapshot/1",${HOSTILE}`,
    'lstopo.xml': `<topology version="2.0"><object type="${HOSTILE.replace('<', '&lt;')}" os_index="x"/></topology>`,
    'open.xml': `<topology version="2.0"><${HOSTILE}`,
    'other.xml': `<\u202eroot a="1"/>`,
    'matrix.csv': `1,${HOSTILE}\n2,3\n`,
  };
  for (const [name, text] of Object.entries(wrong)) {
    const path = file(name, text);
    for (const args of [
      name.endsWith('.json') ? ['check', path, '--max-penalty', '2'] : [],
      name === 'value.json' ? ['compare', path, run] : [],
      name === 'value.json' ? ['report', path, '--to', join(folder, 'nothing')] : [],
      name === 'matrix.csv' ? ['bench', 'matrix', '--from', 'pack:2 core:2 pu:1', '--simulate', path] : [],
      ['topology', '--from', path],
    ].filter((each) => each.length > 0)) {
      const answer = await cli(args);
      assert.notEqual(answer.code, 0, `${args.join(' ')}: ${answer.stdout}`);
      assertAnswer(`${String(args[0])} ${name}`, answer);
    }
  }
});

test('hostile names: of files, folders, hosts, options and commands', async () => {
  const named = file('\u001b[31m\u202ename.json', accepted.text);
  const dir = join(folder, '\u001b]0;x\u0007dir');
  mkdirSync(dir);
  for (const args of [
    ['check', `${folder}/none${HOSTILE}`, '--max-penalty', '2'],
    ['topology', '--from', named],
    ['topology', '--from', `none${HOSTILE}`],
    ['topology', '--from', dir],
    ['topology', '--host', `-x${HOSTILE}`, '--no-prompt'],
    ['topology', '--host', 'no.such.host.invalid', '--ssh-config', `/none${HOSTILE}`, '--no-prompt'],
    ['topology', '--format', HOSTILE],
    ['report', run, '--to', join(dir, 'below\u202e')],
    ['report', run, '--to', join(run, HOSTILE)],
    [`no-such-command${HOSTILE}`],
    ['check', `--no-such-option${HOSTILE}`],
    ['run', '--pin', HOSTILE, '--', 'true'],
    ['run', '--from', 'pack:1 core:2 pu:1', '--', HOSTILE],
    ['bench', 'spsc', '--producer', HOSTILE, '--consumer', '1'],
    ['bench', 'matrix', '--from', 'pack:2 core:2 pu:1', '--simulate', `none${HOSTILE}`],
  ])
    assertAnswer(JSON.stringify(args), await cli(args));
});

test('a served machine of a hostile run: tree, messages, and what the page is told is data', async () => {
  const served = await start(['serve', '--no-open', '--no-prompt', '--from', run]);
  try {
    const board = await boardClient(await enter(await nextAddress(served, 0)));
    board.send(1, 'connect', { target: `-x${HOSTILE}` });
    assert.equal((await board.answerTo(1)).outcome, 'problem');
    await waitFor(() => served.stdout().length > 0, { what: 'the tree' });
    assertHarmless('stdout of serve', served.stdout());
    assertHarmless('stderr of serve', served.stderr());
    assertHarmless('the problem', (await board.answerTo(1)).problem?.message ?? '');
    board.socket.terminate();
  } finally {
    await served.stop();
  }
});
