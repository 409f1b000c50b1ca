// A client that is killed: connects, runs a program that tries to stay behind, says so, and waits for its end.
// Arguments: the SSH configuration, or "local"; a file that the program writes its process ids to.
import { connectHost } from '../../src/remote/connect/connect.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';
import { agentDir, person } from './ssh-support.ts';
import { stubborn } from './stubborn.ts';

const [where, file] = process.argv.slice(2);
if (where === undefined || file === undefined) throw new Error('where, and which file?');
const transport =
  where === 'local' ? openLocal() : await openSsh({ target: 'box', sshConfig: where, prompter: person() });
const host = connectHost(transport, { agentDir });
const agent = await host.startAgent(['run', '--', 'sh', '-c', stubborn, file]);
try {
  for await (const line of agent.lines) if (line.type === 'started') process.stdout.write('started\n');
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
}
process.stdout.write('ended\n');
// The connection stays.
setInterval(() => undefined, 1000);
