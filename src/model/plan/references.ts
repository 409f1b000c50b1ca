/** Names in a plan that mean nothing or two things: what no schema of single values can tell. */

import type { Plan, PlanPath } from './plan.ts';

export interface WrongReference {
  readonly path: PlanPath;
  readonly message: string;
}

const quoted = (names: readonly string[]): string => [...new Set(names)].map((name) => `"${name}"`).join(', ');

export function wrongReferences(plan: Plan): WrongReference[] {
  const found: WrongReference[] = [];
  const say = (path: PlanPath, message: string): void => void found.push({ path, message });
  const unique = (key: string, names: readonly (string | number)[], field: string): void =>
    names.forEach((name, at) => {
      if (names.indexOf(name) < at)
        say([key, at, field], `another of ${key} has the ${field} ${name}: give each its own.`);
    });
  const known = (path: PlanPath, name: string, of: readonly string[], what: string, none: string): void => {
    if (!of.includes(name))
      say(path, `there is no ${what} "${name}"; ${of.length === 0 ? none : `there are ${quoted(of)}`}.`);
  };

  const blocks = plan.blocks.map(({ name }) => name);
  const [stores, phases] = [plan.storage.map(({ name }) => name), plan.phases.map(({ name }) => name)];
  unique('blocks', blocks, 'name');
  unique('storage', stores, 'name');
  unique('phases', phases, 'name');
  unique(
    'reserve',
    plan.reserve.map(({ node }) => node),
    'node',
  );
  plan.blocks.forEach((block, at) => {
    block.serves.forEach((name, i) => known(['blocks', at, 'serves', i], name, blocks, 'block', 'the plan has none'));
    block.storage.forEach(({ on }, i) =>
      known(['blocks', at, 'storage', i, 'on'], on, stores, 'storage', 'list it under "storage"'),
    );
  });
  plan.flows.forEach(({ from, to, phase }, at) => {
    known(['flows', at, 'from'], from, blocks, 'block', 'the plan has none');
    known(['flows', at, 'to'], to, blocks, 'block', 'the plan has none');
    if (phase !== null && phases.length > 0) known(['flows', at, 'phase'], phase, phases, 'phase', '');
  });
  return found;
}
