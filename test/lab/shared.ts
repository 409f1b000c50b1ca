// Owns the hosts that several files of the lab test, one after the other. Each leaves its host as it found it.
import { bootLab, type LabHost } from '../support/lab.ts';
import { shared, type Shared } from '../support/shared.ts';

export const sharedLab = (shape: string): Shared<LabHost> =>
  shared(
    `lab ${shape}`,
    () => bootLab(shape),
    (lab) => lab.stop(),
  );
