// The types of control.mjs, for the strictly typed tests that import it.
export function control(
  pid: number,
  command: string,
  args?: Readonly<Record<string, unknown>>,
  timeoutMs?: number,
): Promise<unknown>;
