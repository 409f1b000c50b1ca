/** The answer of an HTTP endpoint as it came over the connection: its body, or why there is none. */

const MAX_HEAD = 64 << 10;

/** Some servers send chunks to whoever asks; null: they are broken. */
function joined(body: string): string | null {
  let [text, at] = ['', 0];
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const size = /^[0-9a-fA-F]{1,8}/.exec(body.slice(at, at + 20))?.[0];
    if (end === -1 || size === undefined) return null;
    const length = Number.parseInt(size, 16);
    if (length === 0) return text;
    text += body.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
}

/** @param bytes as latin1 characters, one a byte: lengths are of bytes. */
export function bodyOf(bytes: string): { readonly body: string } | { readonly why: string } {
  const end = bytes.slice(0, MAX_HEAD).indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(bytes)?.[1];
  if (end === -1 || status === undefined) return { why: 'it did not answer in HTTP' };
  if (status !== '200') return { why: `it answered with status ${status}` };
  const head = bytes.slice(0, end).toLowerCase();
  const rest = bytes.slice(end + 4);
  if (/\ncontent-encoding:\s*(?!identity)\S/.test(head)) return { why: 'its answer is compressed' };
  if (/\ntransfer-encoding:.*chunked/.test(head)) {
    const body = joined(rest);
    return body === null ? { why: 'its answer was cut off' } : { body };
  }
  const length = /\ncontent-length:\s*(\d{1,12})/.exec(head)?.[1];
  if (length !== undefined && rest.length < Number(length)) return { why: 'its answer was cut off' };
  return { body: length === undefined ? rest : rest.slice(0, Number(length)) };
}
