/** Owns what the panel says of the evidence about remote memory that a host has. */

import { links } from '../../model/live/measures/links.ts';
import { loads } from '../../model/live/measures/loads.ts';
import { hasFigure, missingWords } from '../../model/live/measures/measure.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { remoteBandwidth } from '../../model/live/measures/resctrl.ts';
import type { Sample } from '../../model/live/sample.ts';
import { el } from '../ui/dom.ts';
import { note, section } from './elements.ts';

/** What the hardware has to count, or why it does not. */
function counted(sample: Sample, measure: Measure, name: string): HTMLElement {
  const have = hasFigure(measure, sample);
  const words = have ? measure.meaning : `unavailable: ${missingWords(measure, sample)}`;
  return note(have ? 'ok' : 'no', el('b', {}, name), el('div.dim.sm', {}, words));
}

/** Four kinds that are never merged; each says what right or part it lacks. */
export function evidence(sample: Sample): HTMLElement {
  const resident = sample.nodes.some((node) => node.usedBytes !== null);
  const allocated = sample.nodes.some((node) => node.otherPerSecond !== null);
  const line = (have: boolean, name: string, words: string): HTMLElement =>
    note(have ? 'ok' : 'no', el('b', {}, name), el('div.dim.sm', {}, words));
  return section(
    'Evidence about remote memory',
    line(
      resident,
      'Pages resident per node',
      resident ? 'meminfo of each node' : 'unavailable: the host does not report memory per node',
    ),
    line(
      allocated,
      'Allocation events',
      allocated ? 'numastat: 4 KB pages, not accesses, without huge pages' : 'unavailable: the host has no numastat',
    ),
    counted(sample, loads, 'Remote loads'),
    counted(sample, remoteBandwidth, 'Bytes between L3 and remote memory'),
    counted(sample, links, 'Bytes over the links'),
  );
}
