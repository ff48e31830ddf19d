/** A line, or some lines, put behind a text that stands in a file once. */
export interface Edit {
  readonly file: string;
  readonly behind: string;
  readonly add: string;
}

/** Everything that is edited for a service of one kind of stream, beside its own folders in `fixtures/echo`. */
export const edits: readonly Edit[] = [
  { file: 'packages/contracts/src/services.ts', behind: "'debater-b'", add: ", 'echo'" },
  {
    file: 'packages/contracts/src/contexts.ts',
    behind: "import { schemasOf } from './define-message.ts';\n",
    add: "import * as echo from './echo/context.ts';\n",
  },
  {
    file: 'packages/contracts/src/contexts.ts',
    behind: '  ...schemasOf(debate.messages),\n',
    add: '  ...schemasOf(echo.messages),\n',
  },
  { file: 'packages/contracts/src/contexts.ts', behind: '  ...debate.topics,\n', add: '  ...echo.topics,\n' },
  { file: 'packages/contracts/src/contexts.ts', behind: '[...debate.kinds', add: ', ...echo.kinds' },
  {
    file: 'packages/cli/src/services.ts',
    behind: "import { debaterModule } from '@parley/debater/module.ts';\n",
    add: "import { echoModule } from '@parley/echo/module.ts';\n",
  },
  { file: 'packages/cli/src/services.ts', behind: "  debaterModule('con'),\n", add: '  echoModule,\n' },
  {
    file: 'packages/cli/package.json',
    behind: '"@parley/debater": "0.1.0",\n',
    add: '    "@parley/echo": "0.1.0",\n',
  },
  {
    file: 'services/gateway/src/features/features.ts',
    behind: "import type { Debates } from './debates/debates.ts';\n",
    add: "import { echoFeature } from './echoes/echo-feature.ts';\n",
  },
  {
    file: 'services/gateway/src/features/features.ts',
    behind: '[debateFeature, replayFeature',
    add: ', echoFeature',
  },
  {
    file: 'charts/parley/values.yaml',
    behind: '\nservices:\n',
    add: `  echo:
    image: echo
    replicas: 1
    connects: [kafka, postgres, telemetry]
    secret:
      name: parley-echo
      keys: [DATABASE_URL]
      optionalKeys: [KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD]
`,
  },
  {
    file: 'docker/compose.yaml',
    behind: '\nservices:\n',
    add: `  echo:
    <<: *service
    image: parley/echo:0.1.0
    build: {context: .., dockerfile: docker/service.Dockerfile, args: {SERVICE: echo}}
    environment:
      <<: *kafka
      OTEL_SERVICE_NAME: echo
      DATABASE_URL: postgres://parley_echo:compose-echo@postgres:5432/parley

`,
  },
  {
    file: 'docker/compose.yaml',
    behind: '      PARLEY_PASSWORD_DEBATER_B: compose-debater-b\n',
    add: '      PARLEY_PASSWORD_ECHO: compose-echo\n',
  },
];
