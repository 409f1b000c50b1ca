// Owns the hosts that several files of the lab test, one after the other. Each leaves its host as it found it.
import { bootLab, type LabHost } from '../support/lab.ts';
import { shared, type Shared } from '../support/shared.ts';

export const sharedLab = (shape: string): Shared<LabHost> =>
  shared(
    `lab ${shape}`,
    async () => {
      const lab = await bootLab(shape);
      // Where there is one, each command asks it beside its own reading, which costs an emulator a third of the command: topology.test.ts.
      await lab.ask('root', 'rm "$(command -v lstopo-no-graphics)"');
      return lab;
    },
    (lab) => lab.stop(),
  );
