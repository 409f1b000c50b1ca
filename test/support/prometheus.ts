// Owns a strict reading of Prometheus' text format, as its documentation has it: every line is one of its kinds, and each metric has its
// HELP and TYPE before its values, once. The real `promtool` reads the same in a long run.
import assert from 'node:assert/strict';

export interface Metric {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\[\\\\n"])*)"';

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));

export function metricsIn(text: string): Metric[] {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const described = new Set<string>();
  let [help, type] = ['', ''];
  return text
    .slice(0, -1)
    .split('\n')
    .flatMap((line) => {
      const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line);
      if (comment) {
        const [, kind, name = '', rest] = comment;
        if (kind === 'HELP') {
          assert.ok(!described.has(name), `${name} is described once`);
          described.add(name);
          help = name;
        } else {
          assert.equal(name, help, 'TYPE follows HELP');
          assert.match(rest ?? '', /^(?:counter|gauge)$/);
          assert.equal(rest === 'counter', name.endsWith('_total'), name);
          type = name;
        }
        return [];
      }
      const [, name = '', , inside = '', value = ''] =
        new RegExp(`^(${NAME})(\\{((?:${LABEL},?)*)\\})? (-?[\\d.e+-]+)$`)
          .exec(line)
          ?.flatMap((one, at) => (at === 4 || at === 5 ? [] : [one])) ?? [];
      assert.notEqual(name, '', line);
      assert.equal(name, type, 'values follow their TYPE');
      assert.ok(Number.isFinite(Number(value)), line);
      const labels = [...inside.matchAll(new RegExp(LABEL, 'g'))].map(([, key = '', own = '']) => [
        key,
        unescaped(own),
      ]);
      return [{ name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) }];
    });
}
