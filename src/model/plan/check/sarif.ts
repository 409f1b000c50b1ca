/**
 * A checked plan as SARIF 2.1.0, which code hosts and editors show beside the lines of the file.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */

import { VERSION } from '../../version.ts';
import type { PlanProblem } from '../problem.ts';
import { PLAN_CHECKS } from './checks.ts';
import type { PlaceOf } from './text.ts';

/** Where relative files are found: the root of the repository, which a code host knows. */
const ROOT = '%SRCROOT%';

/** In a message braces stand for placeholders (3.11.5), and names are a person's. */
const literal = (words: string): string => words.replaceAll(/[{}]/g, '$&$&');

/** @param uri of the plan: relative to the root of the repository, or absolute. */
export function planCheckSarif(uri: string, problems: readonly PlanProblem[], placeOf: PlaceOf): unknown {
  const rules = PLAN_CHECKS.map(({ id, title }) => ({
    id,
    shortDescription: { text: `${title}.` },
    // GitHub wants both of every rule.
    fullDescription: { text: `${title}.` },
    help: { text: 'Each result says why, and what to do.' },
  }));
  const artifactLocation = { uri, ...(/^[a-z][a-z\d+.-]*:/i.test(uri) ? {} : { uriBaseId: ROOT }) };
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'numa-pinboard', semanticVersion: VERSION, rules } },
        columnKind: 'utf16CodeUnits',
        results: problems.map(({ id, severity, sentence, reason, remedy, path, blocks, nodes }) => {
          const { line, column } = placeOf(path);
          return {
            ruleId: id,
            ruleIndex: rules.findIndex((rule) => rule.id === id),
            level: severity,
            message: { text: literal(`${sentence} ${reason} ${remedy}`) },
            locations: [
              {
                physicalLocation: { artifactLocation, region: { startLine: line, startColumn: column } },
                logicalLocations: blocks.map((name) => ({ name, kind: 'object' })),
              },
            ],
            // What stays the same while lines move and figures change.
            partialFingerprints: { 'problem/v1': [id, ...blocks, ...nodes].join(' ') },
          };
        }),
      },
    ],
  };
}
