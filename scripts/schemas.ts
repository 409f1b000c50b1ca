// `npm run schemas`: docs/schema/, the formats that other programs read, as JSON Schema, out of the schemas that this one reads them with.
// A rule that JSON Schema cannot say (a CPU list is one, two lists are of one length) is left to the program that reads.
import { toJsonSchema } from '@valibot/to-json-schema';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { GenericSchema } from 'valibot';
import { writtenDiagnosisSchema } from '../src/protocol/diagnosis.ts';
import { planSchema } from '../src/protocol/plan.ts';
import { runSchema } from '../src/protocol/run.ts';
import { sampleSchema } from '../src/protocol/sample.ts';
import { topologySchema } from '../src/protocol/topology.ts';

const FORMATS: Readonly<
  Record<string, { readonly title: string; readonly schema: GenericSchema; readonly typeMode?: 'input' | 'output' }>
> = {
  run: { title: 'A run of NUMA Pinboard (*.numa.json)', schema: runSchema },
  topology: { title: 'The topology of a machine, as `topology --format json` prints it', schema: topologySchema },
  sample: {
    title: 'The state of a running machine, as `watch --format json` prints a line of it',
    schema: sampleSchema,
  },
  doctor: { title: 'What the doctor found, as `doctor --format json` prints it', schema: writtenDiagnosisSchema },
  // What a person writes, not what becomes of it.
  plan: { title: 'A placement plan of NUMA Pinboard (*.plan.yaml)', schema: planSchema, typeMode: 'input' },
};

/** By file name. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(FORMATS).map(([name, { title, schema, typeMode = 'output' }]) => {
      const { $schema, ...rest } = toJsonSchema(schema, {
        typeMode,
        errorMode: 'ignore',
        target: 'draft-07',
        // Page sizes: "4k", "thp", "2m" …
        overrideSchema: ({ valibotSchema }) => (valibotSchema.type === 'custom' ? { type: 'string' } : undefined),
      });
      return [`${name}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = new URL('../docs/schema/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of schemaFiles()) {
    writeFileSync(new URL(name, folder), text);
    console.log(fileURLToPath(new URL(name, folder)));
  }
}
