/** A program of the user's own, run with a placement. */

import type { ProgramCase } from '../../cases/program.ts';
import { EMPTY_PLACEMENT } from '../../placement/slots.ts';
import type { Bench } from '../bench.ts';
import { baseName } from './command.ts';

const label = ({ name, candidate, command }: ProgramCase): string =>
  candidate ?? (name === undefined ? command.join(' ') : `${name}: ${command.join(' ')}`).slice(0, 60);

export const PROGRAM: Bench<ProgramCase> = {
  kind: 'program',
  figures: [{ benchmark: 'run', metric: 's', title: null, aside: null }],
  slots: [],
  unitNote: null,
  placement: () => EMPTY_PLACEMENT,
  asked: ({ pins }) => ({
    pinned: pins.some(({ cpus }) => cpus !== ''),
    memory: 'Memory',
    counted: 'page',
    node: null,
    pages: null,
    touching: [],
  }),
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
  placed: (_, { pins, command, candidate }) => {
    const nodes = [...new Set(pins.flatMap(({ node }) => node ?? []))];
    return {
      threads: pins.filter(({ cpus }) => cpus !== '').map(({ name, cpus }) => ({ name, cpus })),
      memory: nodes.length === 1 ? (nodes[0] ?? null) : null,
      // Of one pin it is the whole program's; several have the policies of their threads.
      ...(pins.length === 1 && pins[0]?.memory !== undefined ? { policy: pins[0].memory } : {}),
      ...(candidate !== undefined && command[0] === 'env' ? { setting: command[1] } : {}),
      command,
    };
  },
};
