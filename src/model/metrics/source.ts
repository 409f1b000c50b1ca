/** Where a service's own metrics are read, as a person names it. */

export type MetricsSource =
  | { readonly kind: 'output' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly address: string; readonly port: number; readonly path: string };

/** As a person named it, and what that means. */
export interface AskedMetrics {
  readonly text: string;
  readonly source: MetricsSource;
  /** That a person set for what judges them, by name. */
  readonly thresholds?: Readonly<Record<string, number>> | undefined;
}

const LOOPBACK = /^127(?:\.\d{1,3}){3}$/;
const URL = /^http:\/\/(\[[0-9a-f:.]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?(\/[!-~]*)?$/i;

/** Words instead: what is wrong with it. */
export function parseMetricsSource(text: string): MetricsSource | string {
  if (text === '-') return { kind: 'output' };
  if (text === '') return 'Give a file or FIFO on the host, or http://127.0.0.1:PORT/metrics.';
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'file', path: text };
  const [, host = '', port = '80', path = '/'] = URL.exec(text) ?? [];
  if (host === '' || Number(port) < 1 || Number(port) > 65535)
    return 'Metrics are read by plain HTTP, without a password: give http://127.0.0.1:PORT/metrics.';
  const name = host.toLowerCase();
  const address = name === 'localhost' ? '127.0.0.1' : name === '[::1]' ? '::1' : name;
  if (address !== '::1' && !LOOPBACK.test(address))
    return `Metrics are read on the host itself, at localhost, 127.0.0.1 or [::1], not at ${host}.`;
  return { kind: 'http', address, port: Number(port), path: path.replace(/#.*$/, '') };
}

/** Of the agent's command `metrics`. */
export const metricsWords = (source: Exclude<MetricsSource, { kind: 'output' }>): string[] =>
  source.kind === 'file' ? ['--file', source.path] : ['--http', source.address, String(source.port), source.path];
