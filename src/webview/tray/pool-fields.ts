/** Owns the settings of worker pools in the tray. */

import { ORDER_SETS, POOL_LOAD_SETS, TOUCH_SETS } from '../../model/bench/pool/workload.ts';
import type { OrderSet, PoolLoadSet, PoolWorkload, TouchSet } from '../../model/bench/pool/workload.ts';
import { chooser } from './fields.ts';
import type { Field } from './fields.ts';
import { choices, keyOf, storeField } from './store-field.ts';
import { timingFields } from './timing-fields.ts';

const LOADS: Readonly<Record<PoolLoadSet, string>> = { all: 'All six', jobs: 'Jobs alone', stores: 'With a store' };
const ORDERS: Readonly<Record<OrderSet, string>> = {
  all: 'All three',
  flat: 'Nearest, flat',
  nearest: 'Nearest first',
};
const TOUCHES: Readonly<Record<TouchSet, string>> = { worker: 'By worker', all: 'Compare three' };
const ACROSS = { all: 'All at once', each: '1, 2, 4 \u2026' };

export function poolFields(configure: (change: Partial<Omit<PoolWorkload, 'kind'>>) => void): Field<PoolWorkload>[] {
  return [
    chooser(
      'Loads',
      'loads',
      choices(LOADS),
      (w) => w.loads,
      (value) => configure({ loads: keyOf(POOL_LOAD_SETS, value, 'all') }),
    ),
    chooser(
      'Orders',
      'orders',
      choices(ORDERS),
      (w) => w.orders,
      (value) => configure({ orders: keyOf(ORDER_SETS, value, 'all') }),
    ),
    chooser(
      'First touch',
      'touches',
      choices(TOUCHES),
      (w) => w.touches,
      (value) => configure({ touches: keyOf(TOUCH_SETS, value, 'worker') }),
    ),
    chooser(
      'Nodes',
      'across',
      choices(ACROSS),
      (w) => (w.across ? 'each' : 'all'),
      (value) => configure({ across: value === 'each' }),
    ),
    storeField(configure),
    ...timingFields(configure),
  ];
}
