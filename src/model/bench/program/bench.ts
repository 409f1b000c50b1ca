/** A program of the user's own, run with a placement: what it printed, how long it took, where its pages lay. */

import type { ProgramCase } from '../../cases/program.ts';
import { EMPTY_PLACEMENT } from '../../placement/slots.ts';
import { formatBytes, formatFigure } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import type { Bench } from '../bench.ts';
import { baseName } from './command.ts';

/** Where its pages lay over time: first, in the middle, last. */
function residentLines({ resident = [], placement }: Result): string[] {
  const looks = [...new Set([resident[0], resident[Math.floor(resident.length / 2)], resident.at(-1)])];
  const whose = placement.kind === 'program' && placement.name !== undefined ? ` of ${placement.name}` : '';
  return looks.flatMap((look) => {
    const nodes = Object.entries(look?.nodes ?? {}).map(([node, held]) => `${formatBytes(held)} on node ${node}`);
    return look ? [`  pages${whose} after ${formatFigure(look.seconds)} s: ${nodes.join(', ')}`] : [];
  });
}

const label = ({ name, candidate, command }: ProgramCase): string =>
  candidate ?? (name === undefined ? command.join(' ') : `${name}: ${command.join(' ')}`).slice(0, 60);

export const PROGRAM: Bench<ProgramCase> = {
  kind: 'program',
  figures: [{ benchmark: 'run', metric: 's', title: null, aside: null }],
  slots: [],
  unitNote: null,
  placement: () => EMPTY_PLACEMENT,
  asked: () => ({ pinned: true, memory: 'Memory', counted: 'page', node: null, pages: null, touching: [] }),
  label,
  shortLabel: (one) => {
    if (one.name !== undefined || one.candidate !== undefined) return label(one);
    // The folder of a program would push its name out of the list.
    const [program = '', ...words] = one.command;
    return [baseName(program), ...words].join(' ').slice(0, 60);
  },
  unusual: () => [],
  settings: () => ({}),
  crosses: () => null,
  fairness: () => -1,
  placed: (_, { pins, command }) => {
    const nodes = [...new Set(pins.flatMap(({ node }) => node ?? []))];
    return {
      threads: pins.filter(({ cpus }) => cpus !== '').map(({ name, cpus }) => ({ name, cpus })),
      memory: nodes.length === 1 ? (nodes[0] ?? null) : null,
      command,
    };
  },
  moreLines: residentLines,
};
