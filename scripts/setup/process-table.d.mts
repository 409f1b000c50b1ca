// The types of process-table.mjs, for the strictly typed tests that import it.
export function descendantsOf(pid: number): number[];
export function processesWith(name: string, value: string): number[];
export function processName(pid: number): string;
export function signal(pid: number, name: NodeJS.Signals | 0): boolean;
export function signalFamily(leader: number, family: readonly number[], name: NodeJS.Signals): void;
