// The hosts of the fault lab: shapes with devices on one node, and shapes that are a fault by themselves.
import { namedShape } from '../../../test/support/lab.ts';
import type { Shape } from '../types.ts';

const onNode = (node: number): Pick<Shape, 'interfaces' | 'drives' | 'displays'> => ({
  interfaces: [{ node, vectors: 3 }],
  drives: [{ node }],
  displays: [{ node }],
});

const two = namedShape('2s');
const four = namedShape('4s');
const eight = namedShape('8n');
const resized = (shape: Shape, mebibytes: readonly number[]): Shape => ({
  ...shape,
  nodes: shape.nodes.map((node, at) => ({ ...node, mebibytes: mebibytes[at] ?? node.mebibytes })),
});
/** Socket of a node, of shapes with two nodes a socket. */
const socket = (node: number): number => node >> 1;
const between = (far: (a: number, b: number) => number): number[][] =>
  [0, 1, 2, 3].map((a) => [0, 1, 2, 3].map((b) => (a === b ? 10 : far(a, b))));
const split: Shape = {
  ...four,
  cpus: { sockets: 2, dies: 1, cores: 4, threads: 2 },
  distances: between((a, b) => (socket(a) === socket(b) ? 12 : 21)),
};

/** Those on which faults come and go. */
export const running = {
  '2s': { ...two, ...onNode(1) },
  '4s': { ...four, ...onNode(2) },
  '8n': { ...eight, ...onNode(5) },
} satisfies Readonly<Record<string, Shape>>;

const others: Readonly<Partial<Record<string, Shape>>> = {
  'memless-even': resized(four, [768, 0, 768, 512]),
  cpuless: {
    ...two,
    nodes: [...two.nodes.map((node) => ({ ...node, mebibytes: 700 })), { cpus: null, mebibytes: 700, initiator: 0 }],
    distances: [
      [10, 21, 24],
      [21, 10, 24],
      [24, 24, 10],
    ],
  },
  uneven: resized(two, [1536, 384]),
  'uneven-4': resized(four, [768, 256, 768, 768]),
  lopsided: {
    ...two,
    distances: [
      [10, 16],
      [28, 10],
    ],
  },
  inverted: { ...split, distances: between((a, b) => (socket(a) === socket(b) ? 31 : 21)) },
  snc2: split,
};

export function hostShape(name: string): Shape {
  const own: Readonly<Partial<Record<string, Shape>>> = { ...others, ...running };
  return own[name] ?? namedShape(name);
}
