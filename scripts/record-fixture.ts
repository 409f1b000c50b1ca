// `npm run record-fixture -- [--host ALIAS] [--ssh-config FILE] [--name NAME]`: records a machine (this one, if no host is
// named) into test/fixtures/machines/NAME.tar.gz: the files that discovery reads, and what the machine's own lstopo says.
// Asks nothing: a host that needs an answer is refused with words. Host names, serial numbers and the like do not go in.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toProblem } from '../src/model/problem.ts';
import { probeHost } from '../src/remote/connect/discovery.ts';
import { openLocal } from '../src/remote/connect/local.ts';
import { openSsh } from '../src/remote/ssh/open.ts';
import { readTopology } from '../src/model/formats/sysfs/topology.ts';
import type { Transport } from '../src/remote/transport.ts';
import { packRecording } from '../test/support/recording.ts';
import { wordsOf } from './setup/problems.mjs';

const USAGE = 'usage: npm run record-fixture -- [--host ALIAS] [--ssh-config FILE] [--name NAME]';
const begin = '-- lstopo --';

// Read by any login shell's /bin/sh. hwloc 1 calls --disallowed --whole-system, and knows no filters.
const script = `{ echo '${begin}'
for program in lstopo-no-graphics lstopo; do
  command -v $program >/dev/null 2>&1 || continue
  $program --of xml --disallowed --filter icache:all 2>/dev/null && break
  $program --of xml --no-io --whole-system 2>/dev/null && break
done; exit; }
`;

const { host, sshConfig, name } = options();
try {
  const transport = await open();
  try {
    const { files } = await probeHost(transport);
    const lstopo = await askLstopo(transport);
    const path = fileURLToPath(new URL(`../test/fixtures/machines/${name}.tar.gz`, import.meta.url));
    const packed = await packRecording(name, { files, lstopo });
    writeFileSync(path, packed);
    const { packages, nodes, cpus, warnings } = readTopology(files, { name });
    console.log(
      `${path}: ${packages.length} packages, ${nodes.length} nodes, ${cpus.length} CPUs, ${packed.length} bytes`,
    );
    if (lstopo === null)
      console.log('That host has no lstopo (package hwloc or hwloc-nox); recorded without its output.');
    for (const warning of warnings) console.log(warning);
  } finally {
    await transport.close();
  }
} catch (error) {
  const { message, hint } = toProblem(error);
  console.error([message, hint].filter(Boolean).join('\n  '));
  process.exit(3);
}

function options(): { host: string | undefined; sshConfig: string | undefined; name: string } {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ options: { host: text, 'ssh-config': text, name: text } });
    const chosen = values.name ?? values.host ?? 'this-machine';
    if (!/^[A-Za-z0-9][\w.-]{0,60}$/.test(chosen)) throw new Error(`"${chosen}" cannot be a file name: give --name`);
    return { host: values.host, sshConfig: values['ssh-config'], name: chosen };
  } catch (error) {
    console.error(`${wordsOf(error)}\n${USAGE}`);
    process.exit(2);
  }
}

async function open(): Promise<Transport> {
  if (host === undefined) return openLocal();
  const prompter = { confirmHostKey: () => Promise.resolve(false), secret: () => Promise.resolve(null) };
  return openSsh({ target: host, prompter, ...(sshConfig === undefined ? {} : { sshConfig }) });
}

/** XML, or null where the host has no lstopo. */
async function askLstopo(transport: Transport): Promise<string | null> {
  const channel = await transport.shell();
  channel.stdin.end(script);
  const chunks: Uint8Array[] = [];
  for await (const chunk of channel.stdout as AsyncIterable<Uint8Array>) chunks.push(chunk);
  channel.close();
  const said = Buffer.concat(chunks).toString('utf8');
  const xml = said.slice(said.indexOf(begin) + begin.length).trim();
  return xml.startsWith('<?xml') ? xml : null;
}
