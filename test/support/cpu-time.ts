// Owns telling which process works: its CPU time, as the kernel counts it.
import { readFileSync } from 'node:fs';

/** Seconds of CPU time that a process has used (proc(5): fields 14 and 15, in hundredths); 0 when it has ended. */
export function cpuSeconds(pid: number): number {
  try {
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
