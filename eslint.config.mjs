// The linter: TypeScript at its strictest, and the walls between the rooms of src/ (docs/ARCHITECTURE.md).
import tseslint from 'typescript-eslint';
import { WALLS } from './scripts/setup/walls.mjs';

/** All that any room may import: what is not among a room's own is forbidden there. */
const ALL_PACKAGES = [...new Set(Object.values(WALLS).flatMap(({ packages }) => packages))].filter(
  (name) => name === 'd3-*' || !name.startsWith('d3-'),
);

/**
 * @param {[room: string, allowed: import('./scripts/setup/walls.mjs').Wall]} entry
 * @returns {import('eslint').Linter.Config}
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
  ];
  patterns.push({
    group: ['process', 'node:process', 'console', 'node:console'],
    message: 'The globals are watched by rules; these imports would go round them.',
  });
  if (!node) patterns.push({ group: ['node:*'], message: `${room}/ knows nothing of Node.` });
  return { files: [`src/${room}/**/*.ts`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

export default tseslint.config(
  { ignores: ['dist/', 'build/', '.cache/', 'node_modules/', 'test-artifacts/', 'docs/numa/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json' } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    // Types of plain JavaScript stand in its comments, and scripts/tsconfig.json holds them: what the compiler sees there
    // (names that do not exist, arguments that do not fit) the linter need not look for again.
    files: ['*.mjs', 'scripts/**/*.{mjs,cjs}', 'test/**/*.mjs'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json' } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // What JSON.parse gives is `any` there too; what is read is checked where it matters.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  { files: ['scripts/**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    // node:test returns promises that its own runner awaits.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
    },
  },
  { files: ['scripts/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // Text leaves for a terminal in one file alone, which makes it harmless.
    files: ['src/**/*.ts'],
    ignores: ['src/cli/output.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['stdout', 'stderr'].map((property) => ({
          object: 'process',
          property,
          message: 'Only src/cli/output.ts writes to the terminal.',
        })),
      ],
    },
  },
  {
    // Text gets onto the page in one file alone, as text without what hides or turns round others.
    files: ['src/webview/**/*.ts'],
    ignores: ['src/webview/ui/dom.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'AssignmentExpression[left.property.name=/^(textContent|innerText|innerHTML|outerHTML)$/]',
          message: 'Use say() or el() of dom.ts.',
        },
        {
          selector: 'CallExpression[callee.property.name=/^(insertAdjacentHTML|insertAdjacentText|createTextNode)$/]',
          message: 'Use say() or el() of dom.ts.',
        },
      ],
    },
  },
  ...Object.entries(WALLS).map(wall),
);
