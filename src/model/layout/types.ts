/** What a layout is: boxes in pixels for every part of a machine, plain data. */

import type { Cache } from '../topology/topology.ts';
import type { Box } from './box.ts';

/** A package, or several packages that one NUMA node spans, standing in the board's grid. */
export interface BodyBox extends Box {
  readonly column: number;
  readonly row: number;
  /** True where it is a frame around several packages. */
  readonly frame: boolean;
}

export interface PackageBox extends Box {
  readonly id: number | null;
  /** The reader put its CPUs together. */
  readonly inferred: boolean;
  /** Least and largest distance between nodes in it; null where there are no two, or nothing is said. */
  readonly inside: readonly [number, number] | null;
  readonly cpus: readonly number[];
  readonly body: number;
}

/** A die of a package of several. */
export interface DieBox extends Box {
  readonly id: number;
  readonly package: number;
  /** Has a line for its name; else the cache bar in it carries the name. */
  readonly labelled: boolean;
}

export interface NodeBox extends Box {
  readonly id: number;
  readonly body: number;
  /** Without CPUs: stands outside its body, linked to it. */
  readonly bare: boolean;
  /** Not seen: one of those that the chip of empty nodes stands for. */
  readonly folded: boolean;
  /** Where memory can be dropped for this node and no other. */
  readonly area: Box;
}

export interface CacheBox extends Box {
  /** Outermost first; more than one where they share a thin bar. */
  readonly caches: readonly Cache[];
  readonly over: 'package' | 'die' | 'group' | 'unit' | 'core';
  /** The die whose name it carries; else null. */
  readonly die: number | null;
}

export interface CoreBox extends Box {
  /** False where nobody says which CPUs share a core: then there is none to draw. */
  readonly known: boolean;
  /** Null for a CPU that no core names. */
  readonly id: number | null;
  readonly package: number | null;
  readonly body: number;
}

export interface PuBox extends Box {
  readonly cpu: number;
  /** Index of its body; -1 in the strip of offline CPUs. */
  readonly body: number;
  /** Number of the share of a node it is drawn in, in the order of drawing; -1 in the strip. */
  readonly section: number;
  /** Index of its core; -1 in the strip. */
  readonly core: number;
  /** Middle of the gutter below its core, and of the one right of it: where lines may run. */
  readonly gutterY: number;
  readonly gutterX: number;
  /** Another thread stands between it and the gutter below. */
  readonly stacked: boolean;
}

/** What it costs to go from one body to its neighbour, or to a node without CPUs. */
export interface Link {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly bodies: readonly [number, number];
  /** The nearest two nodes, whose distance it is; of a node without CPUs, the one it is reached from and itself. */
  readonly nodes: readonly [number, number];
  /** Null where firmware tells none. */
  readonly distance: number | null;
  /** `inside`: between the bars of two nodes of one body. */
  readonly kind: 'across' | 'down' | 'bare' | 'inside';
  /** Height of the middle of its words: bars may stand over a part of the line. */
  readonly wordsY: number;
  /** px that its words may take: in the gap, or right of the line. */
  readonly room: number;
}

/** The chip of nodes that have neither CPUs nor memory, or its heading where it is open. */
export interface FoldBox extends Box {
  readonly nodes: readonly number[];
  readonly open: boolean;
}

/** Where the chips of a node's I/O devices stand. */
export interface DeviceRoom extends Box {
  /** Null for devices of which firmware names no node. */
  readonly node: number | null;
}

export interface Layout {
  /** Size of the drawing in its own pixels; `scale` makes them the board's. */
  readonly width: number;
  readonly height: number;
  /** At most 1: less where the board is too small for the machine. */
  readonly scale: number;
  /** px here a px of the layout as it was made: what takes fixed px there (headings, margins) takes so much of them here. */
  readonly unit: number;
  readonly bodies: readonly BodyBox[];
  readonly packages: readonly PackageBox[];
  readonly dies: readonly DieBox[];
  readonly nodes: readonly NodeBox[];
  readonly caches: readonly CacheBox[];
  readonly cores: readonly CoreBox[];
  /** One for each CPU of the topology, in its order. */
  readonly pus: readonly PuBox[];
  readonly links: readonly Link[];
  /** Empty where devices are not drawn. */
  readonly rooms: readonly DeviceRoom[];
  /** Where the table of distances stands; null where there is no corner for it, or too little to tell. */
  readonly matrix: Box | null;
  /** Null where no nodes are folded away. */
  readonly fold: FoldBox | null;
  /** Around offline CPUs of unknown place. */
  readonly strip: Box | null;
}
