// Passwords, questions and second proofs, at a server in this process: a real sshd needs the machine's accounts for them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import ssh2 from 'ssh2';
import type { AuthContext } from 'ssh2';
import { openSsh } from '../../src/remote/ssh/open.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { makeKey, publicKey } from '../support/ssh-keys.ts';
import { person, problemOf, type Person } from './ssh-support.ts';

type Rule = (context: AuthContext) => void;

void describe('secrets', { timeout: 120_000 }, () => {
  let dir = '';
  let port = 0;
  let rule: Rule = (context) => context.reject();
  let server: InstanceType<typeof ssh2.Server>;
  before(async () => {
    dir = temporaryFolder('ssh-secrets');
    mkdirSync(dir, { recursive: true });
    makeKey(join(dir, 'host'));
    makeKey(join(dir, 'user'));
    server = new ssh2.Server({ hostKeys: [readFileSync(join(dir, 'host'))] }, (connection) => {
      connection.on('authentication', (context) => rule(context));
      connection.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    const config = [
      'Host box',
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      '  User somebody',
      `  IdentityFile "${join(dir, 'user')}"`,
      '  IdentityAgent none',
      `  UserKnownHostsFile "${join(dir, 'known')}"`,
      '  GlobalKnownHostsFile /dev/null',
    ];
    writeFileSync(join(dir, 'config'), config.join('\n'));
    writeFileSync(join(dir, 'known'), `[127.0.0.1]:${port} ${publicKey(join(dir, 'host'))}\n`);
  });
  after(() => {
    server.close();
    removeFolder(dir);
  });
  const connect = (prompter: Person): ReturnType<typeof openSsh> =>
    openSsh({ target: 'box', sshConfig: join(dir, 'config'), prompter });

  void it('asks for a password up to three times', async () => {
    rule = (context) => {
      if (context.method === 'password' && context.password === 'right') context.accept();
      else context.reject(['password']);
    };
    const somebody = person({ secrets: ['wrong', 'right'] });
    await (await connect(somebody)).close();
    assert.equal(somebody.secrets[0]?.title, 'Password of somebody@127.0.0.1');
    assert.equal(somebody.secrets.length, 2);
    const guesser = person({ secrets: ['1', '2', '3', '4'] });
    assert.equal((await problemOf(connect(guesser))).code, 'login-refused');
    assert.equal(guesser.secrets.length, 3);
  });

  void it('stops asking when the person declines', async () => {
    rule = (context) => context.reject(['password', 'keyboard-interactive']);
    const somebody = person({ secrets: [null] });
    assert.equal((await problemOf(connect(somebody))).code, 'login-refused');
    assert.equal(somebody.secrets.length, 1);
  });

  void it("passes the server's questions on, made safe", async () => {
    let answered: string[] = [];
    rule = (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt(
          [{ prompt: '\u001b[31mCode\u202e: ', echo: false }],
          'Two steps',
          'Look at your phone',
          (answers) => {
            answered = answers;
            context.accept();
          },
        );
    };
    const somebody = person({ secrets: ['123456'] });
    await (await connect(somebody)).close();
    assert.deepEqual(answered, ['123456']);
    assert.equal(somebody.secrets[0]?.title, 'somebody@127.0.0.1 asks: [31mCode');
  });

  void it('gives a second proof after the key', async () => {
    let keyed = false;
    rule = (context) => {
      if (context.method === 'publickey' && !keyed) {
        keyed = context.signature !== undefined;
        if (keyed) context.reject(['keyboard-interactive'], true);
        else context.accept();
      } else if (context.method === 'keyboard-interactive' && keyed) {
        context.prompt([{ prompt: 'Code: ', echo: false }], () => context.accept());
      } else context.reject(['publickey']);
    };
    const somebody = person({ secrets: ['123456'] });
    await (await connect(somebody)).close();
    assert.equal(somebody.secrets.length, 1);
  });
});
