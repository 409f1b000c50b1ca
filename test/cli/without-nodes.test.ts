// A kernel without NUMA, or a container that hides it: in a mount namespace where /sys shows no nodes every benchmark still runs, binds
// nothing, and says so; and no tool is told to bind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import * as v from 'valibot';
import { measurable } from '../../src/model/bench/matrix/pairs.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { topologySchema } from '../../src/protocol/topology.ts';
import { CLI } from './cli.ts';

const hide = 'mount -t tmpfs none /sys/devices/system/node && exec "$@"';
const own = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];

function hidden(words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const command = [...own, 'sh', '-c', hide, 'sh', ...words];
  return spawnSync('unshare', command, { encoding: 'utf8', timeout: 300_000, maxBuffer: 1 << 28 });
}

const can = hidden(['true']).status === 0;

test(
  'every benchmark runs where the host shows no nodes',
  { skip: !can && 'this account may not mount', timeout: 600_000 },
  () => {
    const ask = (words: readonly string[]): string => {
      const { status, stdout, stderr } = hidden([process.execPath, CLI, ...words]);
      assert.equal(status, 0, `${words.join(' ')}: ${stderr}`);
      return stdout;
    };
    const topology = v.parse(topologySchema, JSON.parse(ask(['topology', '--format', 'json'])));
    assert.deepEqual(
      topology.nodes.map(({ inferred }) => inferred),
      [true],
    );
    const [one = '0', two = '1'] = measurable(topology).map(String);
    const short = ['--duration', '300ms', '--repeat', '1', '--format', 'json'];
    const spsc = ['bench', 'spsc', '--producer', one, '--consumer', two, ...short];
    const runs = [
      spsc,
      [...spsc, '--memory', 'interleave'],
      ['bench', 'matrix', '--budget', '20s', '--format', 'json'],
      ['bench', 'memory', '--cpu', one, '--node', '0', '--size', '8M', ...short],
      ['bench', 'spsc-alternate', '--cpu', one, ...short],
      ['run', '--format', 'json', '--pin', `sleep=${one}`, '--', 'sleep', '0.5'],
    ].map((words) => parseRun(ask(words)));
    for (const { results, notes = [], repeat } of runs) {
      for (const { valid, why, placement } of results) {
        assert.ok(valid, `${repeat}: ${why ?? ''}`);
        if (placement.kind === 'spsc') assert.equal(typeof placement.memory, 'string', repeat);
      }
      assert.match(notes.join(' '), /shows no NUMA nodes: memory was not bound/, repeat);
    }
    const words = ask([...spsc.slice(0, -2), '--recommend']);
    assert.match(words, /Ready to paste/);
    assert.doesNotMatch(words, /--membind|NUMAMask|--cpuset-mems|<memory mode|--mem-bind|--socket-mem/);
  },
);
