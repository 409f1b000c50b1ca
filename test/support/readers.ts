// What reads an exported plan where it is used: libvirt's own parser, Slurm's daemons, cloud-init, podman and docker, each
// as Debian packs it. A reader that cannot be had says why, and the test is skipped with that.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, removeFolder, temporaryFolder, waitFor } from './processes.ts';
import { signal } from './process-table.mjs';
import { unpacked } from './unpacked.ts';
import type { Unpacked } from './unpacked.ts';

export type Reader = Unpacked | { readonly why: string };
export const isMissing = (reader: Reader): reader is { readonly why: string } => 'why' in reader;

/** Of everything together some 20 MB, fetched once. */
export const libvirtReader = (): Reader => unpacked('libvirt-clients', ['libvirt-clients']);
export const slurmReader = (): Reader => unpacked('slurm', ['slurmd', 'slurmctld', 'slurm-client']);
export const cloudInitReader = (): Reader => unpacked('cloud-init', ['cloud-init']);
/** Large, and read nothing but words of a command line: for a long run. */
export const dockerReader = (): Reader => unpacked('docker', ['docker.io']);
export const podmanReader = (): Reader => unpacked('podman', ['podman']);

async function inFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = temporaryFolder('reader');
  try {
    return await work(folder);
  } finally {
    removeFolder(folder);
  }
}

/** Defined with libvirt's test driver, which checks what a domain says against itself; no hypervisor is there. */
export const defineDomain = ({ program, env }: Unpacked, text: string): Promise<void> =>
  inFolder((folder) => {
    const file = join(folder, 'domain.xml');
    writeFileSync(file, text.replace("<domain type='kvm'>", "<domain type='test'>"));
    const { status, stderr } = spawnSync(program('virsh'), ['-c', 'test:///default', 'define', file], {
      env: { ...env, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder },
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stderr}\n${text}`);
  });

export const readCloudConfig = ({ env }: Unpacked, text: string): Promise<void> =>
  inFolder((folder) => {
    const file = join(folder, 'user-data.yaml');
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync(
      'python3',
      ['-m', 'cloudinit.cmd.main', 'schema', '--config-file', file],
      { env, encoding: 'utf8' },
    );
    assert.equal(status, 0, `${stdout}${stderr}\n${text}`);
    assert.match(stdout, /^Valid /);
  });

/** The words of a script's lines that start with `docker run`, as that program takes them: no daemon is there to run them. */
export function readRunLines(name: 'docker' | 'podman', { program, env }: Unpacked, script: string): Promise<void> {
  return inFolder((folder) => {
    for (const line of script.split('\n').filter((one) => one.startsWith('docker run '))) {
      const words = line.replace('YOUR_IMAGE', 'localhost/none').split(' ').slice(2);
      // Podman reads them without a daemon; what it looks for then is the image.
      const podman = [
        ...['--storage-driver', 'vfs', '--root', join(folder, 'r'), '--runroot', join(folder, 'rr')],
        ...['--conmon', program('conmon'), '--runtime', program('crun')],
      ];
      const args =
        name === 'docker'
          ? ['--host', `unix://${folder}/none`, 'run', ...words]
          : [...podman, 'create', '--pull=never', ...words.filter((word) => word !== '--detach')];
      const { stderr } = spawnSync(program(name), args, { env, encoding: 'utf8', cwd: folder });
      assert.match(stderr, /Cannot connect to the Docker daemon|image not known/, `${line}\n${stderr}`);
    }
  });
}

interface SlurmFiles {
  readonly slurm: string;
  readonly cgroup: string;
  readonly gres?: string;
}

/** What a node's daemon says of its devices; with the one kind of control groups for which it looks at none of this machine. */
export const readGres = (slurm: Unpacked, files: SlurmFiles): Promise<string> =>
  inFolder((folder) => {
    const cgroup = `${files.cgroup}\nCgroupPlugin=cgroup/v1\n`;
    const words = ['-N', 'host', '-f', writeSlurm(slurm, folder, { ...files, cgroup }, 1), '-D', '-G'];
    const { status, stdout, stderr } = spawnSync(slurm.program('slurmd-wlm', 'slurmd'), words, {
      env: slurm.env,
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    return `${stdout}${stderr}`;
  });

/** `scontrol show node` of a controller that runs on a node's lines. */
export const readSlurm = (slurm: Unpacked, files: SlurmFiles): Promise<string> =>
  inFolder(async (folder) => {
    const conf = writeSlurm(slurm, folder, files, await freePort());
    const log = join(folder, 'log');
    const words = ['-D', '-c', '-f', conf, '-L', log];
    const controller = spawn(slurm.program('slurmctld-wlm', 'slurmctld'), words, { env: slurm.env, stdio: 'ignore' });
    const ended = new AbortController();
    controller.once('exit', () => ended.abort());
    controller.once('error', () => ended.abort());
    const over = (): boolean => ended.signal.aborted;
    try {
      return await waitFor(
        () => {
          const { stdout } = spawnSync(slurm.program('scontrol'), ['show', 'node', '--details'], {
            env: { ...slurm.env, SLURM_CONF: conf },
            encoding: 'utf8',
          });
          assert.ok(
            !over(),
            `the controller ended: ${existsSync(log) ? readFileSync(log, 'utf8') : 'it did not start'}`,
          );
          return stdout.includes('NodeName=') ? stdout : null;
        },
        { what: 'the controller to answer' },
      );
    } finally {
      if (controller.pid !== undefined && !over()) signal(controller.pid, 'SIGKILL');
      await waitFor(over, { what: 'the controller to end' });
    }
  });

/** A cluster of that one node around its lines. `config_overrides`: the node is what they say, not this machine. */
function writeSlurm({ root }: Unpacked, folder: string, { slurm, cgroup, gres }: SlurmFiles, port: number): string {
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name));
  const [triplet = ''] = readdirSync(join(root, 'usr/lib')).filter((one) => one.endsWith('-linux-gnu'));
  const conf = join(folder, 'slurm.conf');
  const own = {
    ...{ ClusterName: 'test', SlurmctldHost: 'localhost', SlurmctldPort: port, SlurmUser: userInfo().username },
    ...{ AuthType: 'auth/none', CredType: 'cred/none', MpiDefault: 'none', ProctrackType: 'proctrack/linuxproc' },
    ...{ StateSaveLocation: join(folder, 'state'), SlurmdSpoolDir: join(folder, 'spool') },
    ...{ SlurmctldPidFile: join(folder, 'pid'), SlurmdPidFile: join(folder, 'pid-node') },
    ...{ PluginDir: join(root, 'usr/lib', triplet, 'slurm-wlm'), MailProg: '/bin/true' },
    SlurmdParameters: 'config_overrides',
  };
  const lines = Object.entries(own).map(([key, value]) => `${key}=${String(value)}`);
  const here = slurm.replace('NodeName=YOUR_HOST', 'NodeName=host NodeAddr=127.0.0.1');
  writeFileSync(conf, [...lines, here, 'PartitionName=all Nodes=ALL Default=YES', ''].join('\n'));
  writeFileSync(join(folder, 'cgroup.conf'), cgroup);
  if (gres !== undefined)
    writeFileSync(
      join(folder, 'gres.conf'),
      gres.replaceAll('YOUR_HOST', 'host').replaceAll('/dev/YOUR_DEVICE', '/dev/null'),
    );
  return conf;
}
