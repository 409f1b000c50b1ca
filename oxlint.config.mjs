// The linter: TypeScript at its strictest, and the walls between the rooms of src/ (docs/ARCHITECTURE.md).
import { WALLS } from './scripts/setup/walls.mjs';

/** All that any room may import: what is not among a room's own is forbidden there. */
const ALL_PACKAGES = [...new Set(Object.values(WALLS).flatMap(({ packages }) => packages))].filter(
  (name) => name === 'd3-*' || !name.startsWith('d3-'),
);

/**
 * @param {[room: string, allowed: import('./scripts/setup/walls.mjs').Wall]} entry
 * @returns {import('oxlint').OxlintOverride}
 */
function wall([room, { rooms, packages, node }]) {
  const otherRooms = Object.keys(WALLS).filter((other) => other !== room && !rooms.includes(other));
  const forbidden = ALL_PACKAGES.filter((name) => !packages.includes(name));
  const patterns = [
    { regex: `^(\\.\\./)+(${otherRooms.join('|')})/`, message: `${room}/ may not import this room.` },
    {
      group: forbidden
        .flatMap((name) => [name, `${name}/**`])
        .concat(packages.filter((name) => name.startsWith('d3-') && !name.includes('*')).map((name) => `!${name}`)),
      message: `${room}/ may not import this package.`,
    },
    {
      group: ['process', 'node:process', 'console', 'node:console'],
      message: 'The globals are watched by rules; these imports would go round them.',
    },
  ];
  if (!node) patterns.push({ regex: '^node:', message: `${room}/ knows nothing of Node.` });
  return { files: [`src/${room}/**/*.ts`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

/** Beyond what is wrong or most likely wrong (the categories below). */
const STRICT = [
  'eslint/no-var',
  'eslint/prefer-const',
  'eslint/prefer-rest-params',
  'eslint/prefer-spread',
  'eslint/no-array-constructor',
  'eslint/no-empty-function',
  'typescript/adjacent-overload-signatures',
  'typescript/array-type',
  'typescript/ban-ts-comment',
  'typescript/ban-tslint-comment',
  'typescript/class-literal-property-style',
  'typescript/consistent-generic-constructors',
  'typescript/consistent-indexed-object-style',
  'typescript/consistent-type-assertions',
  'typescript/consistent-type-definitions',
  'typescript/consistent-type-imports',
  'typescript/dot-notation',
  'typescript/no-deprecated',
  'typescript/no-dynamic-delete',
  'typescript/no-empty-object-type',
  'typescript/no-explicit-any',
  'typescript/no-inferrable-types',
  'typescript/no-invalid-void-type',
  'typescript/no-misused-promises',
  'typescript/no-mixed-enums',
  'typescript/no-namespace',
  'typescript/no-non-null-assertion',
  'typescript/no-require-imports',
  'typescript/no-unnecessary-condition',
  'typescript/no-unsafe-argument',
  'typescript/no-unsafe-assignment',
  'typescript/no-unsafe-call',
  'typescript/no-unsafe-function-type',
  'typescript/no-unsafe-member-access',
  'typescript/no-unsafe-return',
  'typescript/non-nullable-type-assertion-style',
  'typescript/only-throw-error',
  'typescript/prefer-find',
  'typescript/prefer-for-of',
  'typescript/prefer-function-type',
  'typescript/prefer-includes',
  'typescript/prefer-literal-enum-member',
  'typescript/prefer-nullish-coalescing',
  'typescript/prefer-optional-chain',
  'typescript/prefer-promise-reject-errors',
  'typescript/prefer-reduce-type-parameter',
  'typescript/prefer-regexp-exec',
  'typescript/prefer-return-this-type',
  'typescript/prefer-string-starts-ends-with',
  'typescript/related-getter-setter-pairs',
  'typescript/require-await',
  'typescript/restrict-plus-operands',
  'typescript/return-await',
  'typescript/unified-signatures',
  'typescript/use-unknown-in-catch-callback-variable',
];

/** @type {(properties: string[], message: string, object?: string) => ['error', ...object[]]} */
const forbid = (properties, message, object) => [
  'error',
  ...properties.map((property) => ({ ...(object === undefined ? {} : { object }), property, message })),
];

/** @type {import('oxlint').OxlintConfig} */
export default {
  plugins: ['eslint', 'typescript'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['dist/', 'build/', '.cache/', 'node_modules/', 'test-artifacts/', 'docs/numa/'],
  rules: {
    ...Object.fromEntries(STRICT.map((name) => [name, 'error'])),
    'eslint/eqeqeq': ['error', 'always', { null: 'ignore' }],
    'eslint/no-console': 'error',
    'typescript/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    // Matters of taste, or held by the compiler.
    'eslint/no-shadow': 'off',
    'eslint/no-underscore-dangle': 'off',
    'eslint/no-control-regex': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/unbound-method': 'off',
  },
  overrides: [
    {
      // Types of plain JavaScript stand in its comments, and what JSON.parse gives is `any` there: what is read is checked where it matters.
      files: ['**/*.mjs', '**/*.cjs'],
      rules: {
        'typescript/no-confusing-void-expression': 'off',
        'typescript/no-unnecessary-condition': 'off',
        'typescript/prefer-nullish-coalescing': 'off',
        ...Object.fromEntries(
          ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [
            `typescript/no-unsafe-${what}`,
            'off',
          ]),
        ),
      },
    },
    { files: ['**/*.cjs'], rules: { 'eslint/no-empty-function': 'off', 'typescript/no-require-imports': 'off' } },
    {
      // node:test returns promises that its own runner awaits.
      files: ['test/**'],
      rules: {
        'typescript/no-floating-promises': [
          'error',
          {
            allowForKnownSafeCalls: [
              { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
            ],
          },
        ],
        'typescript/no-non-null-assertion': 'off',
      },
    },
    { files: ['test/**', 'scripts/**', '*.mjs'], rules: { 'eslint/no-console': 'off' } },
    {
      // Text leaves for a terminal in one file alone, which makes it harmless.
      files: ['src/**'],
      excludeFiles: ['src/cli/output.ts', 'src/webview/**'],
      rules: {
        'eslint/no-restricted-properties': forbid(
          ['stdout', 'stderr'],
          'Only src/cli/output.ts writes to the terminal.',
          'process',
        ),
      },
    },
    {
      // Text gets onto the page in one file alone, as text without what hides or turns round others.
      files: ['src/webview/**'],
      excludeFiles: ['src/webview/ui/dom.ts'],
      rules: {
        'eslint/no-restricted-properties': forbid(
          [
            'textContent',
            'innerText',
            'innerHTML',
            'outerHTML',
            'insertAdjacentHTML',
            'insertAdjacentText',
            'createTextNode',
          ],
          'Use say() or el() of dom.ts.',
        ),
      },
    },
    ...Object.entries(WALLS).map(wall),
  ],
};
