// The types of ssh-config.mjs, for the strictly typed tests that import it.
import type { Keys } from './lab.d.mts';

export function writeSshConfig(
  folder: string,
  hosts: readonly { readonly alias: string; readonly port: number }[],
  keys: Keys,
): string;
export function includeLine(config: string): string;
export function isIncluded(config: string, own?: string): boolean;
export function include(config: string, own?: string): void;
export function exclude(config: string, own?: string): void;
