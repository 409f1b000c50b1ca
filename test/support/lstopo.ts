// Owns reading what lstopo says of a machine (`lstopo --of xml --disallowed`, hwloc 2) as facts. A second witness: it shares
// nothing with the product's own readers but how a CPU list is written.
import { SaxesParser } from 'saxes';
import { text, type Facts } from './facts.ts';

type Attributes = Readonly<Record<string, string>>;

/** hwloc's '0x00000003,0xffffffff': words of 32 bits, the highest first. */
function bits(mask = ''): Set<number> {
  const ids = new Set<number>();
  mask.split(',').forEach((word, at, words) => {
    const value = Number(word || '0');
    for (let bit = 0; bit < 32; bit++) if ((value >>> bit) & 1) ids.add((words.length - 1 - at) * 32 + bit);
  });
  return ids;
}

const CACHE_TYPES = ['unified', 'data', 'instruction'];
const numbers = (words: string): string[] => words.trim().split(/\s+/);

export function lstopoFacts(xml: string): Facts {
  const facts = new Map<string, string>();
  const nodes = new Map<string, string>();
  const open: Attributes[] = [];
  let allowed = new Set<number>();
  let paged: Attributes | undefined;
  let rating = '';
  let distances: { ids: string[]; values: string[] } | null = null;
  let words = '';

  const addObject = (object: Attributes): void => {
    const id = object['os_index'] ?? '';
    const cpus = bits(object['cpuset']);
    const type = object['type'] ?? '';
    if (type === 'Machine') allowed = bits(object['allowed_cpuset']);
    else if (type === 'PU') facts.set(`PU ${id}`, allowed.has(Number(id)) ? 'allowed' : 'forbidden');
    else if (['Package', 'Die', 'Core'].includes(type)) {
      facts.set(`${type.toLowerCase()} of PUs ${text(cpus)}`, `P#${id}`);
    } else if (/^L\di?Cache$/.test(type)) {
      const kind = CACHE_TYPES[Number(object['cache_type'])] ?? 'unknown';
      const value = `${object['cache_size'] ?? ''} bytes in lines of ${object['cache_linesize'] ?? ''}`;
      facts.set(`L${object['depth'] ?? ''} ${kind} cache of PUs ${text(cpus)}`, value);
    } else if (type === 'MemCache') {
      // It may hang elsewhere than its node, where that has no CPUs.
      const key = `memory-side cache of level ${object['depth'] ?? ''} of node ${text(bits(object['nodeset']))}`;
      facts.set(key, `${object['cache_size'] ?? ''} bytes`);
    } else if (type === 'NUMANode') {
      nodes.set(object['gp_index'] ?? '', id);
      facts.set(`PUs of node ${id}`, text(cpus));
      facts.set(`memory of node ${id}`, `${object['local_memory'] ?? '0'} bytes`);
    }
  };

  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    words = '';
    if (name === 'object') {
      addObject(attributes);
      open.push(attributes);
    } else if (name === 'page_type') {
      const node = open.at(-1);
      // A node's first size is what its memory is made of, not reserved pages.
      if (node?.['type'] === 'NUMANode' && paged === node) {
        const key = `huge pages of ${attributes['size'] ?? ''} bytes on node ${node['os_index'] ?? ''}`;
        facts.set(key, attributes['count'] ?? '');
      }
      paged = node;
    } else if (name === 'distances2') {
      distances = attributes['name'] === 'NUMALatency' ? { ids: [], values: [] } : null;
    } else if (name === 'memattr') {
      rating = attributes['name'] ?? '';
    } else if (name === 'memattr_value' && /^(Read|Write)(Latency|Bandwidth)$/.test(rating)) {
      const node = nodes.get(attributes['target_obj_gp_index'] ?? '') ?? 'unknown';
      const from = text(bits(attributes['initiator_cpuset']));
      facts.set(`rated ${rating} of node ${node} from PUs ${from}`, attributes['value'] ?? '');
    }
  });
  parser.on('text', (part) => (words += part));
  parser.on('closetag', ({ name }) => {
    if (name === 'object') open.pop();
    else if (name === 'indexes') distances?.ids.push(...numbers(words));
    else if (name === 'u64values') distances?.values.push(...numbers(words));
    else if (name === 'distances2' && distances) {
      const { ids, values } = distances;
      ids.forEach((from, row) =>
        ids.forEach((to, column) => {
          facts.set(`distance from node ${from} to node ${to}`, values[row * ids.length + column] ?? 'nothing');
        }),
      );
    }
  });
  parser.write(xml).close();
  return facts;
}
