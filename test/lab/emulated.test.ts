// Figures of an emulated host say so (marked.ts), also those that no other file here measures.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LabHost } from '../support/lab.ts';
import { askHere, measure, users } from './asking.ts';
import { assertEmulated } from './marked.ts';
import { sharedLab } from './shared.ts';

const short = ['--repeat', '2', '--duration', '300ms'];
const commands: readonly (readonly string[])[] = [
  ['bench', 'spsc', '--producer', '0', '--consumer', '4', '--latency', ...short],
  ['bench', 'spsc-alternate', '--cpu', '0', ...short],
  ['run', '--', 'echo', '{"metric": "queries/s", "value": 812.5}'],
];

describe('figures of an emulated host', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  before(async () => {
    lab = await shared.open();
  });
  after(() => shared.leave());

  for (const [index, words] of commands.entries()) {
    const user = users[index % users.length] ?? 'bench';
    it(`${user}: ${words.slice(0, 2).join(' ')}${words.includes('--latency') ? ' --latency' : ''}`, async () => {
      const run = await measure(lab, user, words);
      await assertEmulated(run, async (file) => {
        if (index > 0) return;
        const tree = await askHere(['topology', '--from', file]);
        assert.match(tree.stdout.split('\n')[0] ?? '', /EMULATED/);
        const svg = await askHere(['topology', '--from', file, '--format', 'svg']);
        assert.match(svg.stdout, />emulated</);
      });
    });
  }
});
