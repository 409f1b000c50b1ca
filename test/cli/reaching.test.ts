// --host against a real sshd: what works, and every way to be refused, with its exit code.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parseRun } from '../../src/protocol/run.ts';
import { freePort, waitFor } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { cli } from './cli.ts';

function config(sshd: Sshd, options: Readonly<Record<string, string>> = {}): string {
  const path = join(sshd.dir, `client-${String(Math.random()).slice(2)}.conf`);
  writeFileSync(path, sshd.configText('box', options));
  return path;
}

test('an SSH host is read and measured like this machine, and nothing stays there', async () => {
  const sshd = await startSshd();
  try {
    const where = ['--host', 'box', '--ssh-config', config(sshd), '--no-prompt'];
    const topology = await cli(['topology', '--format', 'json', ...where]);
    assert.equal(topology.code, 0, topology.stderr);
    const here = await cli(['topology', '--format', 'json']);
    const strip = (text: string): unknown => {
      const { cpus, nodes, caches } = JSON.parse(text) as {
        cpus: unknown;
        nodes: { freeBytes: number }[];
        caches: unknown;
      };
      return { cpus, caches, nodes: nodes.map((node) => ({ ...node, freeBytes: 0 })) };
    };
    assert.deepEqual(strip(topology.stdout), strip(here.stdout));
    const folder = join(sshd.dir, 'kubelet');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.yaml'), 'cpuManagerPolicy: static\nreservedSystemCPUs: "0"\n');
    const pod = join(sshd.dir, 'pod.yaml');
    writeFileSync(pod, 'spec: { containers: [{ name: a, resources: { limits: { cpu: 1, memory: 1Gi } } }] }\n');
    const admit = (kubelet: string): ReturnType<typeof cli> =>
      cli(['plan', 'admit', pod, '--kubelet', kubelet, ...where]);
    const admitted = await admit(folder);
    assert.equal(admitted.code, 0, admitted.stderr);
    assert.match(admitted.stdout, /container "a" gets CPUs 1\./);
    assert.match(admitted.stderr, /No cpu_manager_state and memory_manager_state in .* on box/);
    writeFileSync(join(folder, 'cpu_manager_state'), '{"policyName":"static","defaultCpuSet":"0"}');
    const refused = await admit(folder);
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stdout, /refused with UnexpectedAdmissionError: not enough CPUs are free/);
    const absent = await admit(join(sshd.dir, 'nothing'));
    assert.equal(absent.code, 4);
    assert.match(
      absent.stderr,
      /There is no .*nothing on box: no kubelet keeps its state there\.\n {2}Name the kubelet's folder/,
    );
    const bench = ['bench', 'spsc', '--producer', '0', '--consumer', '1', '--duration', '100ms', '--repeat', '3'];
    const run = await cli([...bench, '--format', 'json', ...where]);
    assert.equal(run.code, 0, run.stderr);
    const snapshot = parseRun(run.stdout);
    assert.deepEqual(snapshot.host, { name: 'box', transport: 'ssh' });
    assert.match(snapshot.repeat, /--host box/);
    const sha256 = snapshot.environment['agentSha256'];
    assert.ok(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256));
    // The watch on the host ends a moment after the connection did.
    await waitFor(() => sshd.remoteProcesses().length === 0, { what: 'the host to be clear' });
  } finally {
    await sshd.stop();
  }
});

test('an unknown host, and one where nobody listens: exit 3', async () => {
  const unknown = await cli(['topology', '--host', 'no-such-host.invalid', '--no-prompt']);
  assert.equal(unknown.code, 3, unknown.stderr);
  assert.match(unknown.stderr, /no-such-host\.invalid/);
  const closed = await cli(['topology', '--host', `root@127.0.0.1:${String(await freePort())}`, '--no-prompt']);
  assert.equal(closed.code, 3, closed.stderr);
  assert.match(closed.stderr, /refused|listen/i);
});

test('a refused login: exit 3, and what was tried', async () => {
  const sshd = await startSshd();
  try {
    writeFileSync(join(sshd.dir, 'nobody'), readFileSync(sshd.hostKeyPath), { mode: 0o600 });
    const answer = await cli([
      'topology',
      '--host',
      'box',
      '--ssh-config',
      config(sshd, { IdentityFile: join(sshd.dir, 'nobody') }),
      '--no-prompt',
    ]);
    assert.equal(answer.code, 3, answer.stderr);
    assert.match(answer.stderr, /login|refused|accepted/i);
    assert.equal(answer.stdout, '');
  } finally {
    await sshd.stop();
  }
});

test('an unknown key with --no-prompt, and a changed key: exit 3, before any login', async () => {
  const sshd = await startSshd();
  try {
    const empty = join(sshd.dir, 'empty');
    writeFileSync(empty, '');
    const unknown = await cli([
      'topology',
      '--host',
      'box',
      '--ssh-config',
      config(sshd, { UserKnownHostsFile: empty }),
      '--no-prompt',
    ]);
    assert.equal(unknown.code, 3, unknown.stderr);
    assert.ok(unknown.stderr.includes(sshd.hostFingerprint), unknown.stderr);
    assert.equal(readFileSync(empty, 'utf8'), '');
    await sshd.rotateHostKey();
    const changed = await cli(['topology', '--host', 'box', '--ssh-config', config(sshd), '--no-prompt']);
    assert.equal(changed.code, 3, changed.stderr);
    assert.match(changed.stderr, /changed/i);
    assert.match(changed.stderr, /ssh-keygen .*-R/);
    assert.doesNotMatch(sshd.log(), /Accepted publickey/);
  } finally {
    await sshd.stop();
  }
});
