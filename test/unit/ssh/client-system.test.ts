// Where ssh's files and agents are on systems that this one is not, as OpenSSH and Microsoft's port of it say them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { agentSocket, expandPlaces, shortPath } from '../../../src/remote/ssh/client-system.ts';
import type { ClientSystem } from '../../../src/remote/ssh/client-system.ts';
import { listHosts } from '../../../src/remote/ssh/config.ts';
import { matching, readOptions } from '../../../src/remote/ssh/config-file.ts';
import { readKeyFile } from '../../../src/remote/ssh/key-file.ts';
import { parseKnownHosts } from '../../../src/remote/ssh/known-hosts.ts';
import { settingsFrom } from '../../../src/remote/ssh/settings.ts';
import { removeFolder, temporaryFolder } from '../../support/processes.ts';

const linux: ClientSystem = { platform: 'linux', home: '/home/me', env: { SSH_AUTH_SOCK: '/run/agent' } };
const mac: ClientSystem = {
  platform: 'darwin',
  home: '/Users/me',
  env: { SSH_AUTH_SOCK: '/private/tmp/com.apple.launchd.x/Listeners', MINE: '/Users/me/agent' },
};
const windows: ClientSystem = { platform: 'win32', home: 'C:\\Users\\me', env: { PROGRAMDATA: 'C:\\ProgramData' } };
const box = { host: 'box', user: 'me', port: null };
const same = (text: string): string => text;

void describe('files of ssh on other systems', () => {
  void it('are in the home folder and in that of all users', () => {
    assert.equal(expandPlaces('~/.ssh/id', linux), '/home/me/.ssh/id');
    assert.equal(expandPlaces('~\\id', linux), '~\\id');
    assert.equal(expandPlaces('~/.ssh/id', mac), '/Users/me/.ssh/id');
    assert.equal(expandPlaces('~\\.ssh\\id', windows), 'C:\\Users\\me\\.ssh\\id');
    assert.equal(expandPlaces('~/.ssh/id', windows), 'C:\\Users\\me/.ssh/id');
    assert.equal(expandPlaces('__PROGRAMDATA__\\ssh/ssh_known_hosts', windows), 'C:\\ProgramData\\ssh/ssh_known_hosts');
    assert.equal(expandPlaces('__PROGRAMDATA__\\ssh', linux), '__PROGRAMDATA__\\ssh');
  });

  void it('are read out of what ssh.exe -G prints', () => {
    const printed = new Map([
      ['hostname', ['box.example.org']],
      ['userknownhostsfile', ['C:\\Users\\me/.ssh/known_hosts ~/.ssh/known_hosts2']],
      ['globalknownhostsfile', ['__PROGRAMDATA__\\ssh/ssh_known_hosts __PROGRAMDATA__\\ssh/ssh_known_hosts2']],
      ['identityfile', ['~/.ssh/id_ed25519', 'C:\\Users\\me\\my keys\\lab']],
    ]);
    const settings = settingsFrom('box', box, printed, windows);
    assert.deepEqual(settings.userKnownHosts, ['C:\\Users\\me/.ssh/known_hosts', 'C:\\Users\\me/.ssh/known_hosts2']);
    assert.deepEqual(settings.globalKnownHosts, [
      'C:\\ProgramData\\ssh/ssh_known_hosts',
      'C:\\ProgramData\\ssh/ssh_known_hosts2',
    ]);
    assert.deepEqual(settings.identityFiles, ['C:\\Users\\me/.ssh/id_ed25519', 'C:\\Users\\me\\my keys\\lab']);
    assert.equal(settings.agentSocket, '\\\\.\\pipe\\openssh-ssh-agent');
  });

  void it('are included by patterns with either slash on Windows', async () => {
    const folders: Record<string, string[]> = {
      'C:\\Users\\me\\.ssh\\': ['conf.d', '.hidden.d', 'config'],
      'C:\\Users\\me\\.ssh\\conf.d\\': ['b.conf', 'a.conf', 'a.txt', '.c.conf'],
      '\\\\server\\share\\': ['lab.conf'],
      'C:\\': ['a.conf'],
      '/': ['a.conf'],
      '/etc/ssh/': ['a.conf'],
    };
    const asked: string[] = [];
    const list = (folder: string): Promise<string[]> => {
      asked.push(folder);
      return folders[folder] ? Promise.resolve(folders[folder]) : Promise.reject(new Error('ENOENT'));
    };
    const on = (system: ClientSystem, pattern: string): Promise<string[]> => matching(pattern, system, list);
    const both = ['C:\\Users\\me\\.ssh\\conf.d\\a.conf', 'C:\\Users\\me\\.ssh\\conf.d\\b.conf'];
    assert.deepEqual(await on(windows, 'C:\\Users\\me\\.ssh\\conf.d\\*.conf'), both);
    assert.deepEqual(await on(windows, 'C:/Users/me/.ssh/*.d/*.conf'), both);
    assert.deepEqual(await on(windows, '\\\\server\\share\\*.conf'), ['\\\\server\\share\\lab.conf']);
    assert.deepEqual(await on(windows, 'C:\\*.conf'), ['C:\\a.conf']);
    assert.deepEqual(await on(windows, 'C:\\plain'), ['C:\\plain']);
    assert.deepEqual(await on(linux, '/*.conf'), ['/a.conf']);
    assert.deepEqual(await on(linux, '/etc/ssh/?.conf'), ['/etc/ssh/a.conf']);
    assert.deepEqual(await on(linux, '/etc/none/*'), []);
    assert.ok(
      asked.every((folder) => /[\\/]$/.test(folder)),
      'C: without a separator is no folder but a drive',
    );
  });

  void it('are shown with ~ for the home folder', () => {
    assert.equal(shortPath('/home/me/.ssh/id', linux), '~/.ssh/id');
    assert.equal(shortPath('/home/meadow/id', linux), '/home/meadow/id');
    assert.equal(shortPath('C:\\Users\\me\\.ssh\\id', windows), '~\\.ssh\\id');
    assert.equal(shortPath('C:\\Users\\me/.ssh/id', windows), '~/.ssh/id');
    assert.equal(shortPath('C:\\Users\\meadow', windows), 'C:\\Users\\meadow');
  });
});

void describe('the ssh-agent of other systems', () => {
  const on = (system: ClientSystem, option?: string): string | null => agentSocket(option, system, same);

  void it('is the socket that is named, none or a variable on Linux and macOS', () => {
    assert.equal(on(linux), '/run/agent');
    assert.equal(on(linux, 'SSH_AUTH_SOCK'), '/run/agent');
    assert.equal(on(linux, 'none'), null);
    assert.equal(on({ ...linux, env: { SSH_AUTH_SOCK: '' } }), null);
    assert.equal(on(mac), '/private/tmp/com.apple.launchd.x/Listeners');
    assert.equal(on(mac, '$MINE'), '/Users/me/agent');
    assert.equal(on(mac, '$NONE'), null);
    assert.equal(on(mac, '~/1password.sock'), '~/1password.sock');
  });

  void it('is a named pipe on Windows: its own, or the one that is named', () => {
    const own = '\\\\.\\pipe\\openssh-ssh-agent';
    assert.equal(on(windows), own);
    assert.equal(on(windows, 'none'), null);
    const pageant = '\\\\.\\pipe\\pageant.me.0123abcd';
    // As it is written, as quoting leaves it, and with slashes, which Windows takes as well.
    for (const written of [pageant, '\\.\\pipe\\pageant.me.0123abcd', '//./pipe/pageant.me.0123abcd'])
      assert.equal(on(windows, written), pageant, written);
    assert.equal(on({ ...windows, env: { SSH_AUTH_SOCK: pageant } }), pageant);
    // Cygwin and Git's shell name a socket that only their own programs can open.
    assert.equal(on({ ...windows, env: { SSH_AUTH_SOCK: '/tmp/ssh-XX/agent.12' } }), own);
    // A configuration that names something else is not overruled.
    assert.equal(on(windows, 'C:\\Users\\me\\agent.sock'), null);
  });
});

void describe('files with CRLF', () => {
  void it('say the same as with LF', async () => {
    const folder = temporaryFolder('crlf');
    const write = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text.replaceAll('\n', '\r\n'), { mode: 0o600 });
      return path;
    };
    try {
      const more = write('more.conf', 'Host far\n  ProxyJump box\n');
      const config = write(
        'config',
        `Include "${more}"\nHost box other\n  HostName box.example.org\n  Port 2222\n  IdentityFile "/my keys/lab"\n`,
      );
      assert.deepEqual(await listHosts(config), ['far', 'box', 'other']);
      const settings = settingsFrom('box', box, await readOptions(box, config), linux);
      assert.deepEqual(
        [settings.hostName, settings.port, settings.identityFiles],
        ['box.example.org', 2222, ['/my keys/lab']],
      );
      const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIMuGe/Fd6lqJKDDcDMPMPmGPcRoPdWUXFnBXUkJzD1fE';
      const known = `# mine\r\n\r\nbox ssh-ed25519 ${key}\r\n@revoked bad ssh-ed25519 ${key} a comment\r\n`;
      assert.deepEqual(
        parseKnownHosts(known, 'known').map(({ marker, base64, where }) => [marker, base64, where.line]),
        [
          [null, key, 3],
          ['revoked', key, 4],
        ],
      );
      const found = await readKeyFile(write('id.pub', `ssh-ed25519 ${key} me\n`));
      assert.ok(found && 'blob' in found);
      assert.equal(found.blob.toString('base64'), key);
    } finally {
      removeFolder(folder);
    }
  });
});
