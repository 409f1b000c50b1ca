// What any program or web page may send to the port: the server serves on, and the run that goes on is unharmed.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { attackServed } from '../fuzz/served.ts';
import { enter, nextAddress } from './board-client.ts';
import { varied } from '../support/long.ts';
import { start } from './cli.ts';

test('hundreds of hostile requests, resets and frames: the board serves on and measures on', async () => {
  const outcomes = await attackServed(7, varied(400, 1000));
  // That few reach so far would mean that nothing deep is tested.
  for (const reached of ['request: HTTP 403', 'upgrade: HTTP 403', 'frames: HTTP 101', 'request: HTTP 400']) {
    assert.ok((outcomes.get(reached) ?? 0) > 2, `${reached}: ${JSON.stringify([...outcomes])}`);
  }
});

/** What comes back until the server hangs up. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

test('a request that never ends is hung up on, whether it trickles or stands still', async () => {
  const cli = await start(['serve', '--no-open', '--no-prompt', '--from', 'pack:1 core:2 pu:1']);
  try {
    const { port } = await enter(await nextAddress(cli, 0));
    const answers = await Promise.all([
      exchange(port, ''),
      exchange(port, 'GET / HT'),
      exchange(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nX-`),
      exchange(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nContent-Length: 10\r\n\r\n1`),
    ]);
    assert.match(answers.join('\n'), /HTTP\/1\.1 40[03]/);
    assert.ok(cli.running());
  } finally {
    await cli.stop();
  }
});
