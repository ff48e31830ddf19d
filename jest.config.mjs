// One configuration for every workspace: `node scripts/jest.mjs` runs it in the workspace it is called from.
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Beside jest's own: see there.
  reporters: ['default', `${import.meta.dirname}/scripts/left-open.mjs`],
  testTimeout: 60_000,
  coverageProvider: 'v8',
};
