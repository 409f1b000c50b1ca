// A report of an issue tells versions and counts, and nobody's name.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { environmentBlock } from '../../../src/extension/words/environment.ts';
import type { Surroundings } from '../../../src/extension/words/environment.ts';
import { BoardState } from '../../../src/model/board/state.ts';
import { twoSockets } from '../topologies.ts';

const topology = twoSockets();
const board = {
  ...new BoardState(0, '').board,
  host: { name: 'secret-box', transport: 'ssh' },
  topology: { ...topology, machine: { ...topology.machine, name: 'secret-box', kernel: '6.1.0-49-amd64' } },
} as const;
const usual: Surroundings = {
  version: '0.1.0',
  editor: { name: 'Visual Studio Code', version: '1.100.3', web: false },
  remote: 'ssh-remote+secret-box',
  system: { platform: 'linux', release: '6.8.0-45-generic', architecture: 'x64' },
  trusted: true,
  agent: 'ab'.repeat(32),
  board,
  names: ['secret-box', 'ada'],
};

describe('the environment block', () => {
  it('tells versions, systems, the agent and what the machine has', () => {
    const block = environmentBlock(usual);
    for (const row of [
      '| NUMA Pinboard | 0.1.0 |',
      '| Editor | Visual Studio Code 1.100.3, desktop |',
      '| Extension runs on | linux 6.8.0-45-generic, x64 |',
      '| Remote | ssh-remote |',
      '| Host | ssh, none |',
      '| Kernel of the host | 6.1.0-49-amd64, x86_64 |',
      `| Agent | sha256 ${'ab'.repeat(32)} |`,
    ])
      assert.ok(block.includes(row), `${row} is not in\n${block}`);
    assert.match(block, /\| Topology \| 2 sockets, 2 NUMA nodes, .* CPUs, 0 I\/O devices, 0 warnings \|/);
  });

  it('cuts what was built into a kernel’s name', () => {
    const own = { ...usual, system: { ...usual.system, release: '6.8.1-Ada-laptop' } };
    assert.match(environmentBlock(own), /linux 6\.8\.1, x64/);
  });

  it('holds no name of a host or user, no path and no key, wherever it may stand', () => {
    const name = fc
      .stringMatching(/^[a-z][a-z0-9.-]{5,20}[a-z]$/)
      .filter((one) => !'secret-box ssh-remote'.includes(one));
    const secret = fc.oneof(
      name,
      name.map((one) => `/home/${one}/.ssh/id_ed25519`),
      name.map((one) => `-----BEGIN OPENSSH PRIVATE KEY----- ${one}`),
      name.map((one) => `x | ${one} |\n| y`),
    );
    fc.assert(
      fc.property(name, secret, (who, text) => {
        const { machine } = board.topology;
        const texts = { name: text, kernel: `6.1.0-${text}`, architecture: text, hypervisor: text, cpuModel: text };
        const block = environmentBlock({
          ...usual,
          editor: { ...usual.editor, name: text },
          remote: `ssh-remote+${text}`,
          system: { platform: 'linux', release: text, architecture: 'x64' },
          agent: text,
          board: {
            ...board,
            host: { name: text, transport: 'ssh' },
            topology: { ...board.topology, machine: { ...machine, ...texts }, warnings: [text] },
            connection: {
              ...board.connection,
              state: 'failed',
              problem: { code: 'unreachable', message: text, hint: text },
            },
          },
          names: [who, ...(text.match(/[a-z0-9.-]{6,}/g) ?? [])],
        });
        assert.ok(!block.includes(text), block);
        for (const hidden of text.match(/[a-z][a-z0-9.-]{6,}/g) ?? []) assert.ok(!block.includes(hidden), block);
        assert.doesNotMatch(block, /BEGIN|\/home\//);
        assert.ok(
          block.split('\n').every((line) => line.split('|').length === 4),
          'a table stays a table',
        );
      }),
    );
  });
});
