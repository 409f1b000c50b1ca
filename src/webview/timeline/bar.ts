/** Owns the row of controls above the lanes: pausing, which moment is shown, how much time is in sight, what is compared. */

import { LANE_KINDS } from '../../model/live/past/lanes.ts';
import type { LaneKind } from '../../model/live/past/lanes.ts';
import { explained } from '../../model/live/measures/measure.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import type { MomentActions } from '../state/moments.ts';
import { whenWords } from '../state/moments.ts';
import { clock, minuteClock } from '../state/clock.ts';
import { isRecorded } from '../state/select.ts';
import { SPANS } from '../state/store.ts';
import type { State } from '../state/store.ts';
import { el, kbd, say } from '../ui/dom.ts';
import { button, select, setChoices, setValue } from '../ui/elements.ts';

const LANE_WORDS: Readonly<Record<LaneKind, string>> = {
  node: 'by node',
  package: 'by package',
  process: 'by process',
};
const spanWords = (span: number): string => (span === 0 ? 'all' : `${span} min`);

/** What lanes there can be: of packages where there are several, of processes while some are followed. */
const kindsIn = ({ board, sample }: State): readonly LaneKind[] =>
  LANE_KINDS.filter(
    (kind) =>
      kind === 'node' ||
      (kind === 'package' ? (board?.topology?.packages.length ?? 0) > 1 : (sample?.processes.length ?? 0) > 0),
  );

/** What the lanes are of. */
const title = ({ name, unit }: Measure): string => `${name}, ${unit}`;

/** How far back it goes, and from when on every sample is there. */
function reach({ frames, past }: State): string {
  const [oldest] = frames;
  if (!oldest) return 'nothing sampled yet';
  const since = `kept since ${clock(oldest.time)}`;
  const { sparseUntil } = past;
  const whole = sparseUntil === null ? undefined : frames.find(({ at }) => at > sparseUntil);
  return whole ? `${since}, every sample since ${minuteClock(whole.time)}` : since;
}

export interface Bar {
  readonly element: HTMLElement;
  /** @param marks words of what is marked at the moment that is shown. */
  tell(state: State, measure: Measure, marks: readonly string[]): void;
}

export function createBar(moments: MomentActions): Bar {
  const name = el('span.time-name');
  const face = el('span');
  const pause = button('pause', 'bare', () => moments.toggle(), [face, kbd('K')]);
  const live = button('live', 'bare', () => moments.live(), ['Live', kbd('K')]);
  const play = button('play', 'bare', () => moments.play(), 'Play');
  const pace = el('span');
  const faster = button('faster', 'bare', () => moments.faster(), pace, { title: 'Faster: 10 times, 60 times' });
  const words = el('span.time-words', { role: 'status' });
  const far = el('span.dim.sm.time-reach');
  const ends = (['a', 'b'] as const).map((end) => {
    const key = end === 'a' ? '[' : ']';
    const control = button(`keep-${end}`, 'bare', () => moments.keep(end), [end.toUpperCase(), kbd(key)], {
      title: `Compare this moment, as ${end.toUpperCase()}, with another one`,
    });
    return { end, control };
  });
  const lanes = select(
    'lanes',
    'Lanes',
    LANE_KINDS.map((kind) => ({ value: kind, label: LANE_WORDS[kind] })),
    (value) => moments.lanes(LANE_KINDS.find((kind) => kind === value) ?? 'node'),
  );
  const span = select(
    'span',
    'Time in sight',
    SPANS.map((one) => ({ value: String(one), label: spanWords(one) })),
    (value) => moments.span(Number(value)),
  );
  const tape = el('span');
  const record = button('record', 'bare', () => moments.record(), tape, {
    title: 'Writes what is sampled to a file that opens again as a board',
  });
  const element = el(
    'div.time-bar',
    { role: 'toolbar', 'aria-label': 'Time' },
    ...[name, pause, live, play, faster, words, far],
    ends.map(({ control }) => control),
    ...[lanes, span, record],
  );
  return {
    element,
    tell(state, measure, marks) {
      const { moment, view, board } = state;
      const recorded = isRecorded(state);
      say(name, title(measure));
      name.title = explained(measure);
      const runs = recorded ? (moment?.speed ?? 0) > 0 : !moment || moment.speed > 0;
      say(face, runs ? 'Pause' : 'Play');
      pause.hidden = moment !== null && !recorded && moment.speed === 0;
      live.hidden = recorded || !moment;
      faster.hidden = !moment || moment.speed === 0;
      say(pace, `× ${moment?.speed ?? 1}`);
      play.hidden = recorded || !moment || moment.speed > 0;
      const told = [moment ? whenWords(state, moment) : '', ...marks].filter((one) => one !== '').join(' · ');
      say(words, told);
      words.title = told;
      say(far, reach(state));
      for (const { end, control } of ends) {
        control.setAttribute('aria-pressed', String(state.ends[end] !== null));
      }
      const going = board?.recording ?? null;
      record.hidden = recorded;
      record.setAttribute('aria-pressed', String(going !== null));
      say(tape, going ? `Stop recording, since ${minuteClock(Date.parse(going.since))}` : 'Record');
      const kinds = kindsIn(state);
      lanes.hidden = kinds.length === 1;
      setChoices(
        lanes,
        kinds.map((kind) => ({ value: kind, label: LANE_WORDS[kind] })),
      );
      setValue(lanes, kinds.includes(view.lanes) ? view.lanes : 'node');
      setValue(span, String(view.span));
    },
  };
}
