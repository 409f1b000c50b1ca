// What "this machine" is called: by the machine that the extension really runs on.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hereOf, tooltipOf } from '../../../src/extension/here.ts';
import type { Surroundings } from '../../../src/extension/here.ts';

const at = (remoteName: string | undefined, more: Partial<Surroundings> = {}): Surroundings => ({
  remoteName,
  runsThere: true,
  platform: 'linux',
  hostname: 'epyc-7',
  env: {},
  ...more,
});

void describe('the name of this machine', () => {
  void it('is no name where a person sits at it', () => {
    assert.deepEqual(hereOf(at(undefined)), { name: 'This machine', away: null, lacks: null });
    // A window with a remote, in which the extension runs beside the window.
    assert.equal(hereOf(at('ssh-remote', { runsThere: false })).name, 'This machine');
    assert.equal(tooltipOf(hereOf(at(undefined))), 'This machine');
  });

  void it('says where that is in a remote window, in a container and on a server', () => {
    const nameAt = (remoteName: string, env = {}): string => hereOf(at(remoteName, { env })).name;
    assert.equal(nameAt('wsl', { WSL_DISTRO_NAME: 'Ubuntu' }), 'This machine (WSL: Ubuntu)');
    assert.equal(nameAt('wsl'), 'This machine (WSL: epyc-7)');
    assert.equal(nameAt('ssh-remote'), 'This machine (SSH: epyc-7)');
    assert.equal(nameAt('dev-container'), 'This container (epyc-7)');
    assert.equal(nameAt('attached-container'), 'This container (epyc-7)');
    assert.equal(nameAt('k8s-container'), 'This container (epyc-7)');
    assert.equal(nameAt('codespaces', { CODESPACE_NAME: 'fluffy-train' }), 'This codespace (fluffy-train)');
    assert.equal(nameAt('tunnel'), 'This machine (tunnel: epyc-7)');
    for (const address of ['127.0.0.1:8080', 'code.example.org', 'localhost'])
      assert.equal(nameAt(address), 'This server (epyc-7)', address);
  });

  void it('comes with whose ~/.ssh is read', () => {
    const wsl = hereOf(at('wsl', { env: { WSL_DISTRO_NAME: 'Ubuntu' } }));
    assert.equal(wsl.away, 'WSL: Ubuntu');
    assert.match(
      tooltipOf(wsl),
      /^This machine \(WSL: Ubuntu\)\nHosts, keys and known hosts are those of ~\/\.ssh there/,
    );
  });

  void it('comes with why it cannot be shown where it does not run Linux', () => {
    const lacksOn = (platform: NodeJS.Platform): string | null => hereOf(at(undefined, { platform })).lacks;
    assert.equal(lacksOn('darwin'), 'runs macOS: only Linux can be shown');
    assert.equal(lacksOn('win32'), 'runs Windows: only Linux can be shown');
    assert.equal(lacksOn('freebsd'), 'runs freebsd: only Linux can be shown');
    assert.equal(lacksOn('linux'), null);
  });
});
