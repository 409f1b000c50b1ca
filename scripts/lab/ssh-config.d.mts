// The types of ssh-config.mjs, for the strictly typed tests that import it.
import type { Keys } from './lab.d.mts';

export function writeSshConfig(
  folder: string,
  hosts: readonly { readonly alias: string; readonly port: number }[],
  keys: Keys,
): string;
