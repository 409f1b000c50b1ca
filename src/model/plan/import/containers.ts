/** Containers of Docker and Podman as blocks: those that run, and command lines that start them. */

import { listed } from '../../text/format.ts';
import { badFile, blockOf, idsOf, joinedLines, listOrNull, quoted, sizeOrNull } from './imported.ts';
import type { Imported, ImportedBlock, Note } from './imported.ts';

/** As a host configuration has it; 0 and "" say nothing. */
export interface ContainerLimits {
  readonly path: string;
  /** From 1; null out of JSON. */
  readonly line: number | null;
  readonly name: string;
  readonly cpus: string;
  readonly memoryNodes: string;
  readonly memoryBytes: number;
  /** Limits on time, by their names. */
  readonly others: readonly string[];
  /** How many CPUs' time it has at most. */
  readonly cpuTime: number | null;
  readonly running: boolean;
}

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

const RUN = /^\s*(?:sudo\s+)?(?:docker|podman)\s+(?:container\s+)?(?:run|create)\s/;

export const looksLikeRuns = (start: string): boolean => start.split('\n', 400).some((line) => RUN.test(line));

/** Options up to the image are read, words in quotes are one. @throws PinboardError `bad-file` with the line. */
export function readRuns(path: string, text: string): ContainerLimits[] {
  return joinedLines(text).flatMap(({ line, text: typed }) => {
    if (!RUN.test(typed)) return [];
    const words = [...typed.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
    const value = (...names: readonly string[]): string => {
      for (const [i, word] of words.entries())
        for (const name of names) {
          if (word === name) return words[i + 1] ?? '';
          if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
        }
      return '';
    };
    const memory = value('--memory', '-m');
    const [, figure, unit = 'b'] = /^(\d{1,15}(?:\.\d{1,6})?)([bkmg]?)b?$/i.exec(memory) ?? [];
    const memoryBytes =
      figure === undefined ? 0 : sizeOrNull(Math.round(Number(figure) * (UNITS[unit.toLowerCase() || 'b'] ?? 1)));
    if (memoryBytes === null || (memory !== '' && figure === undefined))
      throw badFile(path, line, `--memory ${quoted(memory)} is no size.`);
    const time = Number(value('--cpus'));
    return [
      {
        ...{ path, line, name: value('--name') },
        ...{ cpus: value('--cpuset-cpus'), memoryNodes: value('--cpuset-mems'), memoryBytes },
        ...{ others: time > 0 ? ['--cpus'] : [], cpuTime: time > 0 ? time : null, running: true },
      },
    ];
  });
}

export function blocksOfContainers(all: readonly ContainerLimits[]): Imported {
  const blocks: ImportedBlock[] = [];
  const anywhere: string[] = [];
  for (const one of all) {
    const cpus = listOrNull(idsOf(one.path, one.line, `CPUs of container ${quoted(one.name)}`, one.cpus));
    const nodes = idsOf(one.path, one.line, `memory nodes of container ${quoted(one.name)}`, one.memoryNodes);
    if (cpus === null && one.cpuTime === null) {
      anywhere.push(one.name);
      continue;
    }
    const notes: Note[] = [];
    if (!one.running) notes.push({ key: null, text: 'It does not run now.' });
    if (cpus === null)
      notes.push({
        key: 'cpus',
        text: `unknown, it may run on any: ${one.others.join(', ')} limits its time, not its place.`,
      });
    else if (one.others.length > 0)
      notes.push({ key: null, text: `Also limited by ${listed(one.others)}, of which a plan says nothing.` });
    if (one.memoryBytes === 0) notes.push({ key: 'memory', text: 'unknown, it has no limit.' });
    if (nodes.length === 0)
      notes.push({
        key: 'memoryPolicy',
        text: 'nothing binds its memory: the kernel prefers the node that a thread runs on.',
      });
    blocks.push({
      block: blockOf({
        ...{ name: one.name.replace(/^\//, '') || 'container', kind: 'container' as const },
        ...(cpus === null ? { threads: Math.max(1, Math.ceil(one.cpuTime ?? 1)) } : { cpus }),
        memoryBytes: one.memoryBytes === 0 ? null : one.memoryBytes,
        memoryNodes: nodes.length === 0 ? null : nodes,
        memoryPolicy: nodes.length === 0 ? 'preferred' : 'strict',
      }),
      notes,
    });
  }
  const notes =
    anywhere.length === 0
      ? []
      : [
          `No CPU set, so no blocks: ${listed(anywhere.slice(0, 20).map(quoted))}${anywhere.length > 20 ? ` and ${anywhere.length - 20} more` : ''}.`,
        ];
  return { blocks, reserve: [], notes };
}
