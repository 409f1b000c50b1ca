// Owns what the tests of measuring share: this machine as a host with the real agent, faults, and looks at what runs.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PinboardError, type ProblemCode } from '../../src/model/problem.ts';
import { memoryCase } from '../../src/model/cases/memory.ts';
import type { MemoryAsked, MemoryCase, MemoryWhat } from '../../src/model/cases/memory.ts';
import type { SpscCase } from '../../src/model/cases/spsc.ts';
import type { SpscWorkload } from '../../src/model/bench/spsc/workload.ts';
import { DEFAULT_WORKLOAD } from '../../src/model/bench/spsc/workload.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import type { Discovery, Host } from '../../src/remote/host.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import type { Channel } from '../../src/remote/transport.ts';
import { descendantsOf, processName, signal } from '../support/process-table.mjs';
import { waitFor } from '../support/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));

/** Reads this machine anew each time that it is asked what it is. */
export function freshHost(): Host {
  if (!existsSync(`${agentDir}/manifest.json`)) {
    execFileSync(process.execPath, ['scripts/build-agent.mjs'], { cwd: root, stdio: 'ignore' });
  }
  return connectHost(openLocal(), { agentDir });
}

let machine: Promise<Discovery> | null = null;

async function readMachine(): Promise<Discovery> {
  const host = freshHost();
  try {
    return await host.discover();
  } finally {
    await host.close();
  }
}

/** What the machine is was read once for all of them: that costs half a second of CPU time, and does not change. */
export function localHost(): Host {
  const discover = (): Promise<Discovery> => {
    machine ??= readMachine().catch((error: unknown) => {
      machine = null;
      throw error;
    });
    return machine;
  };
  return variant(freshHost(), { discover });
}

/** The same host with a part of it replaced. */
export function variant(host: Host, parts: Partial<Host>): Host {
  return {
    transport: host.transport,
    discover: (end) => host.discover(end),
    startAgent: (args) => host.startAgent(args),
    get agentSha256() {
      return host.agentSha256;
    },
    close: () => host.close(),
    ...parts,
  };
}

export function withoutAgent(host: Host): Host {
  return variant(host, { startAgent: () => Promise.reject(new PinboardError('no-agent', 'There is none.')) });
}

/** A host whose connection can be lost, as a remote one's. */
export function losable(host: Host): { host: Host; lose: () => void } {
  let lose = (): void => undefined;
  const lost = new Promise<PinboardError>((resolve) => {
    lose = () => resolve(new PinboardError('connection-lost', 'The connection was lost.'));
  });
  return { host: variant(host, { transport: { ...host.transport, lost } }), lose };
}

/** A shell of another make, as a channel. */
export function shellOf(program: string): Promise<Channel> {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, name) => resolve({ code, signal: name }));
  });
  const { stdin, stdout, stderr } = child;
  return Promise.resolve({ stdin, stdout, stderr, exited, close: () => void stdin.end() });
}

export function processesNamed(start: string): number[] {
  return descendantsOf(process.pid).filter((pid) => processName(pid).startsWith(start));
}

/** kill -9 to every process of the agent that this test started. */
export function killAgent(): void {
  for (const pid of processesNamed('numa-agent')) signal(pid, 'SIGKILL');
}

/** `but`: processes that may go on, and what they start. */
export async function nothingRuns(start = 'numa-agent', but: readonly number[] = []): Promise<void> {
  const left = (): number[] => {
    const spared = new Set(but.flatMap((pid) => [pid, ...descendantsOf(pid)]));
    return processesNamed(start).filter((pid) => !spared.has(pid));
  };
  await waitFor(() => left().length === 0, { what: `every ${start} to be gone` });
}

export function hasCode(code: ProblemCode): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof PinboardError && error.code === code && error.message !== '') return true;
    throw new Error(`expected a problem "${code}"`, { cause: error });
  };
}

/** Two usable CPUs of this machine, the same one twice where there is but one. */
export async function twoCpus(host: Host): Promise<[number, number]> {
  const { topology } = await host.discover();
  const usable = topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map((cpu) => cpu.id);
  const first = usable[0] ?? 0;
  return [first, usable[1] ?? first];
}

export const shortWork: SpscWorkload = { ...DEFAULT_WORKLOAD, rounds: 3, durationMs: 100 };
/** Never done by itself within a test. */
export const endlessWork: SpscWorkload = { ...DEFAULT_WORKLOAD, rounds: 1000, durationMs: 100 };

export function spscCase([producer, consumer]: readonly [number, number], more: Partial<SpscCase> = {}): SpscCase {
  const { padding, capacity, batch, pages } = DEFAULT_WORKLOAD;
  return { kind: 'spsc', producer, consumer, memory: 'producer', pin: true, padding, capacity, batch, pages, ...more };
}

/** By one CPU, of one node's memory. */
export function oneThread(what: MemoryWhat, more: Partial<MemoryAsked> = {}): MemoryCase {
  return memoryCase({ what, cpus: [0], policy: 'bind', nodes: [0], pages: '4k', sizeBytes: 8 << 20, ...more });
}
