/** The host's own lstopo, asked beside discovery: each watches the other. */

import { TOOLS_PATH } from '../scripts/parts.ts';
import { cancelled, within } from '../deadline.ts';
import type { Channel, Transport } from '../transport.ts';

/** A large host takes lstopo a second or two; one that hangs is not waited for. */
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

// Its words of what firmware got wrong are not for us.
const SCRIPT = `${TOOLS_PATH}
for lstopo in lstopo-no-graphics lstopo; do
  command -v "$lstopo" >/dev/null 2>&1 || continue
  HWLOC_HIDE_ERRORS=2 exec "$lstopo" --of xml --disallowed - 2>/dev/null </dev/null
done
`;

/**
 * What lstopo says of the host, as XML; null where there is none, and where it fails or is too slow: the reading of
 * /sys stands without it. Never throws.
 */
export async function askLstopo(transport: Transport): Promise<string | null> {
  let channel: Channel | null = null;
  const end = new AbortController();
  try {
    const asking = (async () => {
      channel = await transport.shell(end.signal);
      return readXml(channel);
    })();
    return await within(asking, { ms: TIMEOUT_MS, late: cancelled });
  } catch {
    return null;
  } finally {
    end.abort();
    (channel as Channel | null)?.close();
  }
}

async function readXml(channel: Channel): Promise<string | null> {
  channel.stderr.resume();
  channel.stdin.on('error', () => undefined);
  channel.stdin.end(SCRIPT);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of channel.stdout as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_OUTPUT) return null;
    chunks.push(chunk);
  }
  const xml = Buffer.concat(chunks).toString('utf8');
  return xml.includes('</topology>') ? xml : null;
}
