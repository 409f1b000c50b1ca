/** Programs of the user's and their placement, as they are written: `producer=64@1`, words that no shell ever reads. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import type { ProgramPin } from '../../cases/program.ts';

/** The agent starts no more than these together. */
const MAX_PROGRAMS = 16;

/** One of the programs that run together. */
export interface NamedProgram {
  readonly name: string;
  readonly command: readonly string[];
}

/** Stands between two programs on the command line. Written `---and`, it is an argument of the program's. */
const BETWEEN = '--and';

/**
 * The words behind `--`: programs with `--and` between them, each with an optional `--name NAME` before it.
 * @throws Error with words, where one is missing or two have one name.
 */
export function splitPrograms(words: readonly string[]): NamedProgram[] {
  const groups: string[][] = [[]];
  for (const word of words) {
    if (word === BETWEEN) groups.push([]);
    else groups.at(-1)?.push(/^-{3,}and$/.test(word) ? word.slice(1) : word);
  }
  if (groups.length > MAX_PROGRAMS) throw new Error(`At most ${MAX_PROGRAMS} programs can be started.`);
  const programs = groups.map((group) => {
    const named = group[0] === '--name';
    const [name, command] = named ? [group[1], group.slice(2)] : [baseName(group[0] ?? ''), group];
    if (name === undefined || name === '' || command.length === 0)
      throw new Error('Specify a program after --, --and and --name NAME.');
    return { name, command };
  });
  const twice = programs.find(({ name }, at) => programs.findIndex((other) => other.name === name) !== at);
  if (twice)
    throw new Error(
      `Two programs are called ${twice.name}; give one another name with --name NAME before its command.`,
    );
  return programs;
}

/** The same words again, for the line that repeats a run. */
export function joinPrograms(programs: readonly NamedProgram[]): string[] {
  return programs.flatMap(({ name, command }, at) => [
    ...(at === 0 ? [] : [BETWEEN]),
    ...(name === baseName(command[0] ?? '') ? [] : ['--name', name]),
    ...command.map((word) => (/^-{2,}and$/.test(word) ? `-${word}` : word)),
  ]);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `NAME=CPULIST[@MEMORY]`, with MEMORY as the agent takes it; null where the text is none. */
export function parsePin(text: string): ProgramPin | null {
  const match =
    /^([^=]{1,200})=([0-9,-]*)(?:@((?:bind:)?[0-9,-]+|preferred:\d+|(?:weighted-)?interleave(?::[0-9,-]+)?))?$/.exec(
      text,
    );
  const [, name, cpus, memory] = match ?? [];
  if (name === undefined || cpus === undefined || (cpus === '' && memory === undefined)) return null;
  try {
    return { name, cpus: formatCpuList(parseCpuList(cpus)), ...memoryOf(memory) };
  } catch {
    return null;
  }
}

function memoryOf(memory: string | undefined): Pick<ProgramPin, 'node' | 'memory'> {
  if (memory === undefined) return { node: null };
  const [, bound] = /^(?:bind:)?([0-9,-]+)$/.exec(memory) ?? [];
  const nodes = nodesNamed(memory);
  if (bound !== undefined && nodes.length === 1) return { node: nodes[0] ?? null };
  return { node: null, memory: bound ?? memory };
}

/** @throws where they are no list. */
function nodesNamed(memory: string): number[] {
  const list = memory.slice(memory.indexOf(':') + 1);
  if (list === 'interleave' || list === 'weighted-interleave') return [];
  const nodes = parseCpuList(list);
  if (nodes.length === 0) throw new Error('no node');
  return nodes;
}

export function pinWords({ name, cpus, node, memory }: ProgramPin): string {
  const behind = memory ?? (node === null ? null : String(node));
  return `${name}=${cpus}${behind === null ? '' : `@${behind}`}`;
}

/** The nodes a pin names. */
export function pinNodes({ node, memory }: ProgramPin): number[] {
  if (memory !== undefined) return nodesNamed(memory);
  return node === null ? [] : [node];
}

/**
 * A line typed into a field, as words: separated by blanks; within '…' everything stands for itself, within "…" and outside a
 * backslash takes the next character as it is. Nothing else means anything: no variable, no pipe, no pattern, for no shell is started.
 * @throws Error with words, where a quote is left open.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote === null && /\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === quote) quote = null;
    else if (quote === null && (char === "'" || char === '"')) {
      quote = char;
      word ??= '';
    } else if (char === '\\' && quote !== "'") {
      at++;
      if (at === line.length) throw new Error('The line ends with a backslash.');
      word = (word ?? '') + line.charAt(at);
    } else word = (word ?? '') + char;
  }
  if (quote !== null) throw new Error(`A quote is not closed: ${quote}`);
  if (word !== null) words.push(word);
  return words;
}
