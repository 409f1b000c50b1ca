// docs/MEASURES.md tells users of every measure what the program says of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { grouped } from '../../../src/model/live/measures/measures.ts';

const WHERE = { cpu: 'CPU', node: 'node', machine: 'machine' } as const;

test('each measure stands in docs/MEASURES.md with its group, unit, place, meaning and right', () => {
  const docs = readFileSync(new URL('../../../docs/MEASURES.md', import.meta.url), 'utf8');
  const rows = grouped().flatMap(([group, measures]) =>
    measures.map(({ name, unit, paints, meaning, permission }) =>
      `| ${group} | ${name} | ${unit} | ${WHERE[paints]} | ${meaning}${permission === null ? '' : ` ${permission}`} |`.replaceAll(
        '\u00a0',
        ' ',
      ),
    ),
  );
  const missing = rows.filter((row) => !docs.includes(row));
  assert.deepEqual(missing, [], `rows that docs/MEASURES.md lacks:\n${missing.join('\n')}`);
});
