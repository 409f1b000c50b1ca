// The types of qemu.mjs, for the strictly typed tests that import it.
import type { Shape } from './lab.d.mts';

export function qemuCommand(
  shape: Shape,
  with_: {
    readonly kernel: string;
    readonly initramfs: string;
    readonly port: number;
    readonly hostName: string;
    readonly tscKhz: number | null;
  },
): { readonly program: string; readonly args: readonly string[] };
