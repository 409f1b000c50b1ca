// A client that is killed: connects, runs a program that tries to stay behind, says so, and waits for its end.
import { connectHost } from '../../src/remote/connect.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';
import { agentDir, person } from './ssh-support.ts';

const sshConfig = process.argv[2];
if (sshConfig === undefined) throw new Error('which configuration?');
const host = connectHost(await openSsh({ target: 'box', sshConfig, prompter: person() }), { agentDir });
const stubborn = 'trap "" TERM HUP; setsid sh -c "trap \\"\\" TERM HUP; sleep 600; :" & sleep 600; :';
const agent = await host.startAgent(['run', '--', 'sh', '-c', stubborn]);
for await (const line of agent.lines) if (line.type === 'started') process.stdout.write('started\n');
