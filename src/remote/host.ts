/** A connected host: what it is made of, and a way to start the agent on it. */

import type { ProbeFiles } from '../model/formats/sysfs/probe.ts';
import type { Recording } from '../model/live/recording.ts';
import type { Environment, Run } from '../model/run/run.ts';
import type { Topology } from '../model/topology/topology.ts';
import type { AgentLine } from '../protocol/agent.ts';
import type { Transport } from './transport.ts';

/** Everything that discovery read in its one round trip, and what the model made of it. */
export interface Discovery {
  readonly files: ProbeFiles;
  readonly topology: Topology;
  readonly environment: Environment;
}

export interface AgentProcess {
  /**
   * Checked lines after `hello`. Ends after `done`; an `error` line is thrown as PinboardError with its code, and an
   * agent that ends without `done` is thrown as `agent-died` with the last words of its stderr.
   */
  readonly lines: AsyncIterable<AgentLine>;
  /** A request to what it runs, one line without its end; nothing happens where it has ended. */
  ask(line: string): void;
  /** Ends it and all it started; settles when it is gone or the connection is. */
  stop(): Promise<void>;
}

export interface Host {
  readonly transport: Transport;
  /** One round trip. @throws PinboardError `not-linux`, `connection-lost`. */
  discover(signal?: AbortSignal): Promise<Discovery>;
  /**
   * Starts the agent; the first call deploys it (right architecture, private directory, sha256 checked before each
   * start) or compiles it on the host. Arguments travel as data on stdin. The signal ends the start, not what was started.
   * @throws PinboardError `no-agent` with the package to install, when there is none that fits.
   */
  startAgent(args: readonly string[], signal?: AbortSignal): Promise<AgentProcess>;
  /** sha256 of the agent in use, or null before the first start. */
  readonly agentSha256: string | null;
  /** Runs that came with a machine on paper: what was measured there. */
  readonly runs?: readonly Run[];
  /** How a machine on paper lived, where that was recorded. */
  readonly recording?: Recording;
  /** Removes what was deployed, then closes the transport. */
  close(): Promise<void>;
}
