/** A transport made into a host: discovery, and the agent brought there when it is first needed. */

import { machine } from 'node:os';
import type { Identity } from '../../model/formats/sysfs/machine.ts';
import { readEnvironment } from '../../model/formats/sysfs/environment.ts';
import { readTopology } from '../../model/formats/sysfs/topology.ts';
import { PinboardError } from '../../model/problem.ts';
import { findBinary, isExecutable } from '../agent/bundle.ts';
import { startAgent } from '../agent/agent.ts';
import { deployAgent } from '../agent/deploy.ts';
import { unlessAborted } from '../deadline.ts';
import { probeHost } from './discovery.ts';
import type { Probe } from './discovery.ts';
import type { AgentProcess, Discovery, Host } from '../host.ts';
import { askLstopo } from './lstopo.ts';
import type { Transport } from '../transport.ts';
import { watchAgent } from '../agent/watch.ts';
import type { DeployedAgent } from '../agent/watch.ts';

export interface ConnectOptions {
  /** The folder with the agent's manifest, binaries and sources. */
  readonly agentDir: string;
}

class ConnectedHost implements Host {
  readonly transport: Transport;
  readonly #agentDir: string;
  readonly #running = new Set<AgentProcess>();
  #agent: Promise<DeployedAgent> | null = null;
  #sha256: string | null = null;
  #identity: Identity | null = null;
  /** Asked once: what it says changes only with the hardware. */
  #lstopo: Promise<string | null> | null = null;
  #closing: Promise<void> | null = null;
  /** Aborted when it closes: nothing is waited for that only begins. */
  readonly #ended = new AbortController();

  constructor(transport: Transport, agentDir: string) {
    this.transport = transport;
    this.#agentDir = agentDir;
  }

  get agentSha256(): string | null {
    return this.#sha256;
  }

  async discover(signal?: AbortSignal): Promise<Discovery> {
    this.#lstopo ??= askLstopo(this.transport);
    const files = await probeHost(this.transport, signal);
    const probe = { ...files, lstopo: await unlessAborted(this.#lstopo, signal) };
    const plain = await this.#describe(probe);
    if (this.#identity || !(await this.#isWorthAsking(plain, probe.architecture))) return plain;
    this.#identity = await unlessAborted(this.#identify(signal), signal);
    return this.#identity ? this.#describe(probe) : plain;
  }

  async #describe({ files, architecture, lstopo }: Probe & { readonly lstopo: string | null }): Promise<Discovery> {
    const identify = this.#identity;
    const read = readTopology(files, { name: this.transport.name, architecture, identify });
    return {
      files,
      // Most hosts have no lstopo, and need no reader of its XML.
      topology: lstopo === null ? read : (await import('./lstopo-check.ts')).checkedAgainst(lstopo, read),
      environment: readEnvironment(files, identify),
    };
  }

  /**
   * The agent asks the CPU itself. That is cheap where the agent is; else it is brought only where the files leave open
   * whether software plays the CPU, for then nothing else can tell.
   */
  async #isWorthAsking({ topology }: Discovery, architecture: string): Promise<boolean> {
    if (this.#agent) return true;
    if ((await findBinary(this.#agentDir, architecture).catch(() => null)) === null) return false;
    const { hypervisor, emulated } = topology.machine;
    return this.transport.kind === 'local' || (!emulated && (hypervisor === 'qemu' || hypervisor === 'unknown'));
  }

  /** Null when it cannot be had: discovery stands without it. */
  async #identify(signal: AbortSignal | undefined): Promise<Identity | null> {
    try {
      const agent = await this.startAgent(['identify'], signal);
      let identity: Identity | null = null;
      for await (const line of agent.lines) if (line.type === 'identify') identity = line;
      return identity;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      return null;
    }
  }

  async startAgent(args: readonly string[], signal?: AbortSignal): Promise<AgentProcess> {
    const until = AbortSignal.any([this.#ended.signal, ...(signal ? [signal] : [])]);
    for (let attempt = 1; attempt <= 2; attempt++) {
      if (this.#closing)
        throw new PinboardError('connection-lost', `The connection to ${this.transport.name} was closed.`);
      // Others may wait for the same deployment: it goes on.
      const deployed = await unlessAborted(this.#deployed(), until);
      const agent = await startAgent(this.transport, deployed, args, until);
      if (agent) {
        this.#sha256 = deployed.sha256;
        return this.#tracked(agent);
      }
      this.#agent = null;
      await deployed.remove();
    }
    throw new PinboardError(
      'no-agent',
      `The agent that was put on ${this.transport.name} disappeared before it could be started, twice.`,
      'Something there deletes it (a temporary-file cleaner?). Try again.',
    );
  }

  async #deployed(): Promise<DeployedAgent> {
    const known = await this.#agent;
    if (known?.alive === false) this.#agent = null;
    this.#agent ??= this.#deploy();
    try {
      return await this.#agent;
    } catch (error) {
      this.#agent = null;
      throw error;
    }
  }

  /** On this machine it runs where it lies. Others may wait for it as well, so it is no single one's to cancel. */
  async #deploy(): Promise<DeployedAgent> {
    const binary = this.transport.kind === 'local' ? await findBinary(this.#agentDir, machine()) : null;
    if (binary && (await isExecutable(binary))) {
      return watchAgent(this.transport, { file: binary.path, sha256: binary.sha256 }, this.#ended.signal);
    }
    return deployAgent(this.transport, this.#agentDir, this.#ended.signal);
  }

  #tracked(agent: AgentProcess): AgentProcess {
    const running = this.#running;
    running.add(agent);
    return {
      lines: (async function* () {
        try {
          yield* agent.lines;
        } finally {
          running.delete(agent);
        }
      })(),
      ask: (line) => agent.ask(line),
      async stop() {
        await agent.stop();
        running.delete(agent);
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#ended.abort();
    await Promise.all([...this.#running].map((agent) => agent.stop()));
    const deployed = await this.#agent?.catch(() => null);
    await deployed?.remove();
    await this.transport.close();
  }
}

export function connectHost(transport: Transport, options: ConnectOptions): Host {
  return new ConnectedHost(transport, options.agentDir);
}
