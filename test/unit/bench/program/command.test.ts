import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  joinPrograms,
  parsePin,
  pinNodes,
  pinWords,
  splitPrograms,
  splitWords,
} from '../../../../src/model/bench/program/command.ts';
import { quoteWord } from '../../../../src/model/text/command-line.ts';

const word = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom('--and', '---and', '----and', '--name', '--', '-', 'a/b'),
);
const program = fc
  .tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), fc.array(word))
  .filter(([, first]) => !/^-+(and|name)$/.test(first))
  .map(([name, first, rest]) => ({ name, command: [first, ...rest] }));

test('programs written are the programs read, whatever their words are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(program, { selector: ({ name }) => name, minLength: 1, maxLength: 5 }), (programs) => {
      // A name of one dash more or less is the word's, not the program's.
      fc.pre(programs.every(({ name }) => !/^-+and$/.test(name)));
      assert.deepEqual(splitPrograms(joinPrograms(programs)), programs);
    }),
  );
});

test('a program is called what its file is, and two of one file want names', () => {
  assert.deepEqual(splitPrograms(['./bin/prod', 'x', '--and', '--name', 'c', './prod', '---and']), [
    { name: 'prod', command: ['./bin/prod', 'x'] },
    { name: 'c', command: ['./prod', '--and'] },
  ]);
  assert.throws(() => splitPrograms(['./a', '--and', './a']), /--name NAME/);
  for (const words of [[], ['--and'], ['a', '--and'], ['--name'], ['--name', 'x'], Array<string>(33).fill('--and')])
    assert.throws(() => splitPrograms(words), Error, JSON.stringify(words));
});

test('a pin is a name, CPUs, and where memory may lie', () => {
  assert.deepEqual(parsePin('producer=0-3,2@1'), { name: 'producer', cpus: '0-3', node: 1 });
  assert.deepEqual(parsePin('worker-*=64'), { name: 'worker-*', cpus: '64', node: null });
  assert.deepEqual(parsePin('db=@interleave'), { name: 'db', cpus: '', node: null, memory: 'interleave' });
  assert.deepEqual(parsePin('db=1@bind:2'), { name: 'db', cpus: '1', node: 2 });
  for (const text of [
    'db=1@0-2',
    'db=@interleave:0,2',
    'db=@weighted-interleave:0-1',
    'db=@weighted-interleave',
    'db=4@preferred:1',
    'db=4',
    'db=4@1',
  ]) {
    const pin = parsePin(text);
    assert.ok(pin, text);
    assert.equal(pinWords(pin), text);
    assert.deepEqual(parsePin(pinWords(pin)), pin);
  }
  const interleaved = parsePin('db=@interleave:0,2');
  assert.ok(interleaved);
  assert.deepEqual(pinNodes(interleaved), [0, 2]);
  for (const text of [
    '',
    '=0',
    'a',
    'a=',
    'a=x',
    'a=3-1',
    'a=0@',
    'a=0@x',
    'a=0@preferred:0-1',
    'a=0@interleave:',
    'a=@2-1',
  ])
    assert.equal(parsePin(text), null, text);
});

test('a line is split into words as it was quoted, and no shell would do less', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      assert.deepEqual(splitWords(words.map(quoteWord).join('  ')), words);
    }),
  );
  assert.deepEqual(splitWords(`./a "b c" d\\ e 'f"g' "h\\"i" ''`), ['./a', 'b c', 'd e', 'f"g', 'h"i', '']);
  assert.deepEqual(splitWords('a | b > $HOME; `id` *'), ['a', '|', 'b', '>', '$HOME;', '`id`', '*']);
  assert.deepEqual(splitWords('  '), []);
  for (const line of ["a 'b", '"', 'a\\']) assert.throws(() => splitWords(line), Error, line);
});
