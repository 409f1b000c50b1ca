// The types of boot.mjs, for the strictly typed tests that import it.
import type { BootOptions, Emulator, Shape } from './lab.d.mts';

export function boot(shape: Shape, options: BootOptions): Promise<Emulator>;
export function consoleTail(folder: string, lines?: number): string;
