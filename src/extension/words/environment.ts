/**
 * What a report of an issue says of where it happened. Only values of a known form get in, and none that holds a name of this user, of a computer
 * or of a host: what does not fit is withheld, because whoever reads the report is anybody.
 */

import type { Board } from '../../model/board/board.ts';
import { plural } from '../../model/text/format.ts';
import { coreWords, nodeWords, packageWords } from '../../model/topology/counts.ts';
import type { Topology } from '../../model/topology/topology.ts';

export interface Surroundings {
  readonly version: string;
  readonly editor: { readonly name: string; readonly version: string; readonly web: boolean };
  /** The kind of remote that the editor is connected to ("ssh-remote", "wsl"). */
  readonly remote: string | undefined;
  readonly system: { readonly platform: string; readonly release: string; readonly architecture: string };
  readonly trusted: boolean;
  /** sha256 of the agent on the host. */
  readonly agent: string | null;
  readonly board: Pick<Board, 'host' | 'connection' | 'topology' | 'measuring'>;
  /** Of users, computers and folders: what must not be told. */
  readonly names: readonly string[];
}

const WITHHELD = 'withheld';

/** "6.1.0-49-amd64", "ssh-remote", "Visual Studio Code". */
const PLAIN = /^[A-Za-z0-9][\w.+~ -]{0,63}$/;
const SHA256 = /^[0-9a-f]{64}$/;

function filter(names: readonly string[]): (text: string) => boolean {
  const secret = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  return (text) => PLAIN.test(text) && !secret.some((name) => text.toLowerCase().includes(name));
}

function topologyWords(topology: Topology): string {
  const { cpus, devices, warnings } = topology;
  const counts = [
    packageWords(topology),
    nodeWords(topology),
    coreWords(topology),
    plural(cpus.length, 'CPU'),
    plural(devices.length, 'I/O device'),
    plural(warnings.length, 'warning'),
  ];
  return counts.join(', ');
}

/** As a table in Markdown. */
export function environmentBlock(of: Surroundings): string {
  const { version, editor, remote, system, trusted, agent, board, names } = of;
  const { host, connection, topology, measuring } = board;
  const tells = filter(names);
  const told = (text: string): string => (tells(text) ? text : WITHHELD);
  /** What a kernel is called behind its number is up to whoever built it. */
  const kernel = (release: string): string =>
    tells(release) ? release : told(/^\d+(\.\d+)*/.exec(release)?.[0] ?? '');
  const machine = topology?.machine;
  const rows: (readonly [name: string, value: string])[] = [
    ['NUMA Pinboard', told(version)],
    ['Editor', `${told(editor.name)} ${told(editor.version)}, ${editor.web ? 'in a browser' : 'desktop'}`],
    ['Extension runs on', `${told(system.platform)} ${kernel(system.release)}, ${told(system.architecture)}`],
    ['Remote', remote === undefined ? 'none' : told(remote.replace(/\+.*/s, ''))],
    ['Workspace', trusted ? 'trusted' : 'not trusted'],
    ['Host', host ? `${host.transport}, ${connection.state}` : 'none'],
    ...(connection.problem ? [['Last problem', connection.problem.code] as const] : []),
    ...(machine
      ? [
          ['Kernel of the host', `${kernel(machine.kernel)}, ${told(machine.architecture)}`] as const,
          [
            'Kind of machine',
            machine.emulated
              ? 'emulated'
              : machine.hypervisor === null
                ? 'hardware'
                : `virtual, ${told(machine.hypervisor)}`,
          ] as const,
        ]
      : []),
    ...(topology ? [['Topology', topologyWords(topology)] as const] : []),
    ['Agent', agent === null ? (measuring?.code ?? 'not started') : SHA256.test(agent) ? `sha256 ${agent}` : WITHHELD],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

export const issueBody = (block: string): string =>
  [
    '## What happened\n\n<!-- What did you do, what did you see, what did you expect? -->\n',
    `## Environment\n\n${block}\n`,
    '<!-- The log (NUMA: Show Log) often tells why. It names your hosts: look through what you paste. -->\n',
  ].join('\n');
