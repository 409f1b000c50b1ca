/**
 * A checked plan as SARIF 2.1.0, which code hosts and editors show beside the lines of the file.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */

import { VERSION } from '../../version.ts';
import type { PlanProblem } from '../problem.ts';
import { PLAN_CHECKS } from './checks.ts';
import type { PlaceOf } from './text.ts';

/** @param uri of the plan: relative to the repository, or absolute. */
export function planCheckSarif(uri: string, problems: readonly PlanProblem[], placeOf: PlaceOf): unknown {
  const rules = PLAN_CHECKS.map(({ id, title }) => ({ id, shortDescription: { text: `${title}.` } }));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'numa-pinboard', version: VERSION, rules } },
        columnKind: 'utf16CodeUnits',
        results: problems.map(({ id, severity, sentence, reason, remedy, path, blocks }) => {
          const { line, column } = placeOf(path);
          return {
            ruleId: id,
            ruleIndex: rules.findIndex((rule) => rule.id === id),
            level: severity,
            message: { text: `${sentence} ${reason} ${remedy}` },
            locations: [
              {
                physicalLocation: { artifactLocation: { uri }, region: { startLine: line, startColumn: column } },
                logicalLocations: blocks.map((name) => ({ name, kind: 'member' })),
              },
            ],
          };
        }),
      },
    ],
  };
}
