// The types of shapes.mjs, for the strictly typed tests that import it.
import type { Shape } from './lab.d.mts';

export const shapes: Readonly<Record<string, Shape>>;
export function cpuCount(shape: Pick<Shape, 'cpus'>): number;
export function freeShape(asked: Readonly<Record<string, string | number | undefined>>): Shape;
