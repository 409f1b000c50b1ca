/** Owns which frames make room: the older they are, the fewer of them are needed to see what was. */

import type { Frame } from './frame.ts';

const MINUTE = 60_000;
/** What is younger than this stays whole (ms), as long as that can be held; then less of it does. */
const WHOLE = [60 * MINUTE, 15 * MINUTE, 5 * MINUTE, MINUTE, 0];
/** A frame may stand for this share of its age, for more and more of it as room is wanted. */
const SHARES = [1 / 512, 1 / 256, 1 / 128, 1 / 64, 1 / 32, 1 / 16, 1 / 8];

/** Those that go, of which the next one then stands for both; never one before a gap, which would become longer. */
function needless(frames: readonly Frame[], whole: number, share: number): Set<Frame> {
  const newest = frames.at(-1)?.at ?? 0;
  const left = new Set<Frame>();
  frames.forEach((frame, i) => {
    const next = frames[i + 1];
    const age = newest - frame.at;
    if (!next || age <= whole || next.from > frame.at || next.at - frame.from > age * share) return;
    left.add(frame);
    next.from = frame.from;
  });
  return left;
}

/** @param enough is told what goes, and whether that is room enough. @returns what stays. */
export function thinned(frames: readonly Frame[], enough: (left: ReadonlySet<Frame>) => boolean): readonly Frame[] {
  let kept = frames;
  for (const whole of WHOLE) {
    for (const share of SHARES) {
      const left = needless(kept, whole, share);
      if (left.size === 0) continue;
      kept = kept.filter((frame) => !left.has(frame));
      if (enough(left)) return kept;
    }
  }
  // Nothing but gaps, or samples too large for it: the oldest go, and the newest stays in any case.
  while (kept.length > 1) {
    const [oldest] = kept;
    if (!oldest) break;
    kept = kept.slice(1);
    if (enough(new Set([oldest]))) break;
  }
  return kept;
}
