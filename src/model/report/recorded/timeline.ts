/** How busy the nodes were over a recording as a picture: a lane a node, gaps left out, what was marked as numbered lines. */

import { nodeBusy } from '../../live/rates.ts';
import { gapsOf } from '../../live/recording.ts';
import type { Recording } from '../../live/recording.ts';
import { at, CHART_STYLE, escape } from '../../svg/plot.ts';

const WIDTH = 960;
const LEFT = 70;
const RIGHT = 20;
const TOP = 56;
const LANE = 44;
const BETWEEN = 12;
const AXIS = 30;
/** More points than this cannot be told apart. */
const COLUMNS = 870;
const LABELS = 5;

export const clockOf = (time: string): string => new Date(time).toISOString().slice(11, 19);

/** Nodes that have CPUs, with what they were busy at each sample; null where it is not known. */
function lanes({ topology, samples }: Recording): Map<number, (number | null)[]> {
  const busy = samples.map((sample) => nodeBusy(topology, sample));
  const ids = topology.nodes.filter(({ cpus }) => cpus !== '').map(({ id }) => id);
  return new Map(ids.map((id) => [id, busy.map((own) => own.get(id) ?? null)]));
}

/** @throws nothing; null for a recording without two samples, which has no course. */
export function timelineSvg(recording: Recording): string | null {
  const { samples, marks, host } = recording;
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return null;
  const [from, until] = [Date.parse(first.time), Date.parse(last.time)];
  const plot = WIDTH - LEFT - RIGHT;
  const x = (time: string): number => LEFT + ((Date.parse(time) - from) / Math.max(1, until - from)) * plot;
  const gaps = gapsOf(recording);
  const afterGap = new Set(gaps.map((gap) => gap.until));
  const each = Math.max(1, Math.ceil(samples.length / COLUMNS));
  const all = lanes(recording);
  const height = TOP + all.size * (LANE + BETWEEN) + AXIS;
  const parts = [...all].map(([id, values], lane) => {
    const base = TOP + lane * (LANE + BETWEEN) + LANE;
    let drawing = false;
    let d = '';
    // Of samples that share a column the busiest is drawn: no peak is lost.
    for (let i = 0; i < samples.length; i += each) {
      const known = values.slice(i, i + each).filter((value) => value !== null);
      const torn = samples.slice(i, i + each).some(({ time }) => afterGap.has(time));
      if (known.length === 0 || torn) drawing = false;
      if (known.length === 0) continue;
      d += `${drawing ? 'L' : 'M'}${at(x(samples[i]?.time ?? first.time))},${at(base - Math.max(...known) * LANE)}`;
      drawing = true;
    }
    return [
      `<line class="x" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${base}" y2="${base}"/>`,
      `<line class="x" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${base - LANE}" y2="${base - LANE}" stroke-dasharray="2 4"/>`,
      `<text x="${LEFT - 8}" y="${base - LANE / 2 + 4}" text-anchor="end">node ${id}</text>`,
      `<path d="${d}" fill="none" stroke="#ad1457" stroke-width="1.5"/>`,
    ].join('\n');
  });
  const bottom = height - AXIS;
  const lines = marks.map((mark, i) => {
    const place = at(Math.min(WIDTH - RIGHT, Math.max(LEFT, x(mark.time))));
    return `<line class="r" x1="${place}" x2="${place}" y1="${TOP - 6}" y2="${bottom}"/><text class="d" x="${place}" y="${TOP - 10}" text-anchor="middle">${i + 1}</text>`;
  });
  const ticks = Array.from({ length: LABELS }, (_, i) => {
    const time = new Date(from + ((until - from) * i) / (LABELS - 1)).toISOString();
    const anchor = i === 0 ? 'start' : i === LABELS - 1 ? 'end' : 'middle';
    return `<text class="d" x="${at(x(time))}" y="${bottom + 18}" text-anchor="${anchor}">${clockOf(time)}</text>`;
  });
  const emulated = recording.topology.machine.emulated ? ', emulated' : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>CPUs busy by node on ${escape(host)} over time, recorded${emulated}</title>`,
    `<style>${CHART_STYLE}</style>`,
    `<rect class="g" width="${WIDTH}" height="${height}"/>`,
    `<text class="t" x="${LEFT}" y="22">CPUs busy by node, 0 to 100 %, recorded on ${escape(host)}${emulated}; times in UTC</text>`,
    ...parts,
    ...lines,
    ...ticks,
    '</svg>',
    '',
  ].join('\n');
}
