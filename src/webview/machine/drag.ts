/** Owns carrying by mouse, pen and touch: one path of pointer events, from the tray or from a cell. */

import type { Part } from '../../model/placement/placement.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { Carry } from './carry.ts';
import { CarriedShape } from './carried-shape.ts';

/** px a pointer moves before a press becomes a drag. */
const THRESHOLD = 4;
/** The shape hangs below the pointer, so that the target stays in sight. */
const HANG = 8;

export interface DragHost {
  /** What lies under a point of the window for that token. */
  targetAt(slot: Slot, x: number, y: number): Part | null;
  /** A press without a move: the token is carried by keys and clicks. */
  pressed(slot: Slot): void;
  moved(slot: Slot, x: number, y: number): void;
  ended(): void;
  refused(slot: Slot, target: Part, x: number, y: number): void;
}

export class Drag {
  readonly #carry: Carry;
  readonly #host: DragHost;
  readonly #carriedShape = new CarriedShape();
  #stop: (() => void) | null = null;

  constructor(carry: Carry, host: DragHost) {
    this.#carry = carry;
    this.#host = host;
  }

  get active(): boolean {
    return this.#stop !== null;
  }

  start(slot: Slot, event: PointerEvent): void {
    this.#stop?.();
    event.preventDefault();
    const { pointerId, clientX: fromX, clientY: fromY } = event;
    let dragging = false;
    const listening = new AbortController();
    const { signal } = listening;
    const end = (): void => {
      listening.abort();
      this.#stop = null;
      this.#host.ended();
    };
    this.#stop = () => {
      end();
      this.#carriedShape.hide();
      if (dragging) this.#carry.release();
    };
    const move = (at: PointerEvent): void => {
      if (at.pointerId !== pointerId) return;
      if (!dragging && Math.hypot(at.clientX - fromX, at.clientY - fromY) < THRESHOLD) return;
      const over = this.#host.targetAt(slot, at.clientX, at.clientY);
      if (dragging) this.#carry.move(over);
      else this.#carry.pick(slot, over);
      dragging = true;
      this.#carriedShape.moveTo(slot, at.clientX + HANG, at.clientY + HANG);
      this.#host.moved(slot, at.clientX, at.clientY);
    };
    const up = (at: PointerEvent): void => {
      if (at.pointerId !== pointerId) return;
      end();
      if (!dragging) {
        this.#host.pressed(slot);
        return;
      }
      this.#carry.move(this.#host.targetAt(slot, at.clientX, at.clientY));
      const over = this.#carry.carried?.over ?? null;
      const dropped = this.#carry.drop(at.altKey);
      if (dropped === 'dropped') {
        this.#carriedShape.hide();
        return;
      }
      this.#carry.release();
      this.#carriedShape.goHome(fromX, fromY);
      if (dropped === 'refused' && over !== null) this.#host.refused(slot, over, at.clientX, at.clientY);
    };
    const cancel = (at: Event): void => {
      if (at instanceof PointerEvent && at.pointerId !== pointerId) return;
      this.#stop?.();
    };
    const key = (at: KeyboardEvent): void => {
      if (at.key !== 'Escape') return;
      at.preventDefault();
      at.stopPropagation();
      cancel(at);
    };
    addEventListener('pointermove', move, { signal });
    addEventListener('pointerup', up, { signal });
    addEventListener('pointercancel', cancel, { signal });
    addEventListener('blur', cancel, { signal });
    addEventListener('keydown', key, { signal, capture: true });
  }

  destroy(): void {
    this.#stop?.();
  }
}
