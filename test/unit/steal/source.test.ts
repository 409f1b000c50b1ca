// Orders to paste are what they are in the model: C is compiled and asked, Rust and Go where there is a compiler, in a long run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { stealOrders } from '../../../src/model/steal/order.ts';
import { LANGUAGES, stealOrderSource } from '../../../src/model/steal/source.ts';
import type { Language } from '../../../src/model/steal/source.ts';
import { varied } from '../../support/long.ts';
import { removeFolder, temporaryFolder } from '../../support/processes.ts';
import { fourNodes, twoSockets } from '../topologies.ts';

const ABOUT = ['Who steals from whom on a */ "host"\nint evil;'];
const topology = twoSockets();
/** Not as many as CPUs, nor in their order: numbers of workers are not numbers of CPUs. */
const WORKERS = [12, 4, 5, 9, 1, 0];
const orders = stealOrders(topology, WORKERS);
const place = (cpu: number): number => WORKERS.indexOf(cpu);
/** What every program prints: CPUs, victims, ends. */
const EXPECTED = [
  WORKERS,
  ...orders.workers.map(({ victims }) => victims.map(place)),
  ...orders.workers.map(({ classes }) => orders.classes.map((_, at) => classes.filter((one) => one <= at).length)),
];

const PROGRAMS: Readonly<
  Record<Language, { readonly file: string; readonly main: string; readonly build: readonly string[] }>
> = {
  c: {
    file: 'main.c',
    build: ['gcc', '-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-o', 'main', 'main.c'],
    main: `#include <stdio.h>
static void row(const uint16_t *of, int n) {
  for (int i = 0; i < n; i++) printf("%d ", of[i]);
  printf("\\n");
}
int main(void) {
  row(steal_cpu, STEAL_WORKERS);
  for (int i = 0; i < STEAL_WORKERS; i++) row(steal_victims[i], STEAL_WORKERS - 1);
  for (int i = 0; i < STEAL_WORKERS; i++) row(steal_ends[i], STEAL_CLASSES);
}
`,
  },
  rust: {
    file: 'main.rs',
    build: ['rustc', '-D', 'warnings', '-o', 'main', 'main.rs'],
    main: `fn row(of: &[u16]) {
    for one in of { print!("{} ", one); }
    println!();
}
fn main() {
    row(&STEAL_CPU);
    for one in &STEAL_VICTIMS { row(one); }
    for one in &STEAL_ENDS { row(one); }
}
`,
  },
  go: {
    file: 'main.go',
    build: ['go', 'build', '-o', 'main', 'main.go'],
    main: `
func row(of []uint16) {
	for _, one := range of {
		print(one, " ")
	}
	println()
}

func main() {
	row(StealCpu[:])
	for i := range StealVictims {
		row(StealVictims[i][:])
	}
	for i := range StealEnds {
		row(StealEnds[i][:])
	}
}
`,
  },
};

const there = (program: string): boolean =>
  spawnSync(program, [program === 'go' ? 'version' : '--version']).status === 0;

function told(language: Language): string {
  const { file, main, build } = PROGRAMS[language];
  const folder = temporaryFolder('steal');
  try {
    const source = stealOrderSource(orders, language, ABOUT);
    writeFileSync(
      join(folder, file),
      `${language === 'go' ? source.replace('package steal', 'package main') : source}${main}`,
    );
    const [program = '', ...words] = build;
    const env = { ...process.env, GOCACHE: join(folder, 'cache'), GO111MODULE: 'off' };
    const built = spawnSync(program, words, { cwd: folder, encoding: 'utf8', env });
    assert.equal(built.status, 0, built.stderr);
    const { stdout, stderr } = spawnSync(join(folder, 'main'), { encoding: 'utf8' });
    // Go's own print writes there.
    return language === 'go' ? stderr : stdout;
  } finally {
    removeFolder(folder);
  }
}

const rowsOf = (text: string): number[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(' ').map(Number));

for (const language of LANGUAGES) {
  const [compiler = ''] = PROGRAMS[language].build;
  const wanted = varied(language === 'c', true);
  test(
    `${language}: compiled without a warning, it holds the order`,
    { skip: !wanted ? 'in a long run' : !there(compiler) && `needs ${compiler}` },
    () => assert.deepEqual(rowsOf(told(language)), EXPECTED),
  );

  test(`${language}: its rows are those of the order, its comment stays one`, () => {
    const source = stealOrderSource(orders, language, ABOUT);
    const rows = [...source.matchAll(/[[{]((?:\d+, )*\d+)[\]}]/g)].map(([, row = '']) => row.split(', ').map(Number));
    assert.deepEqual(rows, EXPECTED);
    const [first = '', second = ''] = source.split('\n');
    assert.match(first, /^(\/\*|\/\/) Who steals from whom on a  hostint evil;( \*\/)?$/);
    assert.match(second, /^(\/\*|\/\/) Class 0: same core( \*\/)?$/);
  });
}

test('one worker has no order to paste; classes of nodes are named', () => {
  assert.throws(() => stealOrderSource(stealOrders(topology, [0]), 'c', []), /nobody to steal from/);
  const four = fourNodes();
  const all = stealOrders(
    four,
    four.cpus.map(({ id }) => id),
  );
  for (const language of LANGUAGES) assert.match(stealOrderSource(all, language, []), /Class 2: node at distance 21/);
});
