/** Placements as lines of a shell: taskset and numactl. */

import { withoutUnsafe } from '../../text/clean.ts';
import { quoteWord } from '../../text/command-line.ts';
import type { Topology } from '../../topology/topology.ts';
import { cpuListOf, isolatedNote, memoryChoice, memoryNote, PLACEHOLDER } from './placed.ts';
import type { Recommendation } from './placed.ts';
import type { ToPaste } from '../../placement/to-paste.ts';

/** The user's command for a POSIX shell, or the placeholder; always one line, for some of its lines stand behind a #. */
export function shellCommand({ command }: ToPaste): string {
  if (command === null || command.length === 0) return PLACEHOLDER;
  const words = command.map((word) => quoteWord(withoutUnsafe(word).replaceAll('\n', ' ')));
  return words.join(' ');
}

/** Threads of one CPU each can be pinned one by one, once they run. */
function threadLines({ threads }: ToPaste): string[] {
  if (threads.length < 2) return [];
  return [
    '# Thread by thread, while it runs; ps -L -o tid,comm -p PID shows the ids:',
    ...threads.map(
      ({ name, cpus }) => `# taskset --cpu-list --pid ${cpus} ${name.toUpperCase().replace(/\W/g, '_')}_TID`,
    ),
  ];
}

export function taskset(topology: Topology, placed: ToPaste): Recommendation {
  return {
    tool: 'taskset',
    title: 'taskset: CPUs of a program and its threads',
    text: [`taskset --cpu-list ${cpuListOf(placed)} ${shellCommand(placed)}`, ...threadLines(placed)].join('\n'),
    note: [
      'Keeps all threads on these CPUs, free to move among them. It does not affect memory, which is placed where it is first touched.',
      ...isolatedNote(topology, placed),
    ].join(' '),
  };
}

export function numactl(topology: Topology, placed: ToPaste): Recommendation {
  const start = `numactl --physcpubind=${cpuListOf(placed)}`;
  const program = shellCommand(placed);
  const node = memoryChoice(topology, placed);
  if (node === null) {
    const why = memoryNote(topology, placed);
    return {
      ...{ tool: 'numactl', title: 'numactl: CPUs', text: `${start} ${program}` },
      note: [
        ...(why.length > 0 ? why : ['No node was chosen for the memory.']),
        'It is placed where it is first touched.',
        ...isolatedNote(topology, placed),
      ].join(' '),
    };
  }
  return {
    tool: 'numactl',
    title: 'numactl: CPUs and memory',
    text: [
      `${start} --membind=${node} ${program}`,
      '# or, to fall back to other nodes when that node is full:',
      `# ${start} --preferred=${node} ${program}`,
    ].join('\n'),
    note: [
      `--membind fails, or gets the program killed, when node ${node} is full; --preferred then takes other nodes. Both apply to memory touched from then on.`,
      ...isolatedNote(topology, placed),
    ].join(' '),
  };
}

/** CPUs as systemd lists them: separated by spaces, ranges kept. */
export const spaced = (list: string): string => list.replaceAll(',', ' ');
