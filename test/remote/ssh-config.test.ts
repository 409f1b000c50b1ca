// The ssh configuration: aliases, the same answers with and without an ssh program, and names that are refused.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PinboardError } from '../../src/model/problem.ts';
import { listHosts, placedHosts, resolveHost, watchedFiles } from '../../src/remote/ssh/config.ts';
import { HostKeyCheck } from '../../src/remote/ssh/host-key.ts';
import type { HostSettings } from '../../src/remote/ssh/settings.ts';
import { addStanza, stanzaOf } from '../../src/remote/ssh/stanza.ts';
import { parseTarget } from '../../src/remote/ssh/target.ts';
import { temporaryFolder } from '../support/processes.ts';

const dir = temporaryFolder('ssh-config');
const config = join(dir, 'config');
mkdirSync(join(dir, 'more'));
writeFileSync(
  config,
  [
    `Include ${join(dir, 'more', '*.conf')} "${join(dir, 'not there')}"`,
    'Host box "the other" *.lab !bad.lab -oops',
    '  HostName %h.example.org',
    '  Port 2222 ',
    '  user me',
    `  IdentityFile "${join(dir, 'my keys', '%r')}"`,
    '  IdentityFile ~/second',
    `  UserKnownHostsFile "${join(dir, 'known hosts')}" ~/known`,
    '  StrictHostKeyChecking yes',
    'Host far',
    '  ProxyJump me@near:22022,box',
    '  ConnectTimeout 7',
    'Match exec "touch ran"',
    '  User wrong',
  ].join('\n'),
);
writeFileSync(join(dir, 'more', 'a.conf'), 'Host early\n  HostName 10.0.0.9\n  HashKnownHosts yes\n');

async function withoutSsh<T>(work: () => Promise<T>): Promise<T> {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  try {
    return await work();
  } finally {
    process.env['PATH'] = path;
  }
}

/** Versions of ssh differ in which outdated keys they look for unasked, and it alone knows the algorithms that it was built with. */
function common(settings: HostSettings): HostSettings {
  return {
    ...settings,
    hostKeyAlgorithms: null,
    identityFiles: settings.identityFiles.filter((path) => !/id_(xmss|dsa)$/.test(path)),
  };
}

void describe('ssh configuration', () => {
  void it('names the hosts that it names in full', async () => {
    assert.deepEqual(await listHosts(config), ['early', 'box', 'far']);
    assert.deepEqual(await listHosts(join(dir, 'none')), []);
  });

  void it('knows in which line of which file a host is named, and every file that may name one', async () => {
    const lines = readFileSync(config, 'utf8').split('\n');
    assert.deepEqual(await placedHosts(config), [
      { name: 'early', file: join(dir, 'more', 'a.conf'), at: 0 },
      { name: 'box', file: config, at: lines.findIndex((line) => line.startsWith('Host box')) },
      { name: 'far', file: config, at: lines.indexOf('Host far') },
    ]);
    const watched = await watchedFiles(config);
    assert.equal(watched[0], config);
    assert.ok(watched.includes(join(dir, 'more', '*.conf')), watched.join(' '));
    assert.deepEqual(await watchedFiles(join(dir, 'none')), [join(dir, 'none')], 'it may be made yet');
  });

  void it('gets a host behind all that is there, in a file that is made for its owner alone', async () => {
    const own = join(dir, 'new', 'config');
    const target = parseTarget('me@10.0.0.9:2222');
    await addStanza(own, stanzaOf('rack-9', target));
    assert.equal(statSync(own).mode & 0o777, 0o600);
    writeFileSync(own, readFileSync(own, 'utf8').trimEnd());
    await addStanza(own, stanzaOf('rack-10', parseTarget('10.0.0.10')));
    assert.deepEqual(await listHosts(own), ['rack-9', 'rack-10']);
    const { hostName, user, port } = await resolveHost('rack-9', own);
    assert.deepEqual([hostName, user, port], ['10.0.0.9', 'me', 2222]);
    assert.equal((await resolveHost('rack-10', own)).hostName, '10.0.0.10');
  });

  void it('says the same of a host with and without an ssh program', async () => {
    const file = join(dir, 'plain');
    writeFileSync(file, readFileSync(config, 'utf8').replace(/Match exec[\s\S]*/, ''));
    for (const name of ['box', 'early', 'a.lab', 'bad.lab', 'far', 'you@box:99', '[2001:db8::1]:7']) {
      const bare = await withoutSsh(() => resolveHost(name, file));
      assert.deepEqual(common(bare), common(await resolveHost(name, file)), name);
    }
    const box = await resolveHost('you@box:99', file);
    assert.deepEqual([box.hostName, box.port, box.user, box.unknownHosts], ['box.example.org', 99, 'you', 'refuse']);
    assert.deepEqual(box.identityFiles[0], join(dir, 'my keys', 'you'));
    assert.deepEqual(box.userKnownHosts[0], join(dir, 'known hosts'));
    const far = await resolveHost('far', file);
    assert.deepEqual([far.jumps, far.connectTimeoutMs], [['me@near:22022', 'box'], 7000]);
  });

  void it('offers the same algorithms of host keys with and without an ssh program', async () => {
    for (const value of ['+ssh-rsa', '-ecdsa*,ssh-ed25519', '^rsa-sha2-256', 'rsa-sha2-512,ssh-ed25519']) {
      const file = join(dir, 'algorithms');
      const known = join(dir, 'nobody');
      writeFileSync(file, `Host box\n  HostKeyAlgorithms ${value}\n  UserKnownHostsFile "${known}"\n`);
      const offered = async (settings: HostSettings): Promise<string[]> =>
        (await HostKeyCheck.of(settings, { warn: () => undefined })).algorithms();
      const bare = await withoutSsh(() => resolveHost('box', file));
      const asked = await offered(await resolveHost('box', file));
      assert.ok(asked.length > 0);
      assert.deepEqual(await offered(bare), asked, value);
    }
  });

  void it('runs nothing that a file says when there is no ssh program', async () => {
    assert.notEqual((await withoutSsh(() => resolveHost('far', config))).user, 'wrong');
  });

  void it('passes on what ssh says of a broken configuration', async () => {
    writeFileSync(join(dir, 'broken'), 'Host box\n  Nonsense yes\n');
    await assert.rejects(
      resolveHost('box', join(dir, 'broken')),
      (error) => error instanceof PinboardError && error.code === 'bad-file' && /nonsense/i.test(error.message),
    );
    await assert.rejects(resolveHost('box', join(dir, 'missing')), { code: 'bad-file' });
  });

  void it("finds hosts that a tool put beside the user's own configuration, and none of them in a file that was named", async () => {
    const other = join(dir, 'more', 'a.conf');
    const before = process.env['XDG_CONFIG_HOME'];
    process.env['XDG_CONFIG_HOME'] = join(dir, 'xdg');
    try {
      assert.equal((await listHosts()).includes('lab-tool'), false);
      assert.equal((await resolveHost('lab-tool')).hostName, 'lab-tool');
      mkdirSync(join(dir, 'xdg', 'numa-pinboard'), { recursive: true });
      writeFileSync(join(dir, 'tool hosts'), 'Host lab-tool\n  HostName 127.0.0.1\n  Port 4022\n');
      writeFileSync(join(dir, 'xdg', 'numa-pinboard', 'ssh_config'), `Include "${join(dir, 'tool hosts')}"\n`);
      assert.ok((await listHosts()).includes('lab-tool'));
      for (const settings of [await resolveHost('lab-tool'), await withoutSsh(() => resolveHost('lab-tool'))]) {
        assert.deepEqual([settings.hostName, settings.port], ['127.0.0.1', 4022]);
      }
      assert.equal((await listHosts(other)).includes('lab-tool'), false);
      assert.equal((await resolveHost('lab-tool', other)).hostName, 'lab-tool');
    } finally {
      if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
      else process.env['XDG_CONFIG_HOME'] = before;
    }
  });

  void it("takes names, users, ports and addresses, and nothing that could be an option or a shell's", () => {
    assert.deepEqual(parseTarget('me@corp@box:22'), { user: 'me@corp', host: 'box', port: 22 });
    assert.deepEqual(parseTarget('fe80::1%eth0'), { user: null, host: 'fe80::1%eth0', port: null });
    assert.deepEqual(parseTarget('[::1]:2222'), { user: null, host: '::1', port: 2222 });
    const refused = [
      ['', '-oProxyCommand=x', '-box', 'me@-box', '-me@box', 'box;ls', 'box ls', '$(ls)', '`ls`', 'a|b', 'a\nb', "a'b"],
      [
        'box:0',
        'box:70000',
        'box:x',
        '[box',
        'me@',
        '@box',
        'a"b',
        'a\\b',
        'a&b',
        'a<b',
        'a*',
        '\u202ebox',
        'ssh://box',
      ],
    ];
    for (const name of refused.flat()) assert.throws(() => parseTarget(name), { code: 'usage' }, JSON.stringify(name));
  });
});
