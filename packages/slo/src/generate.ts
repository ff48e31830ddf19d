import { stringify } from 'yaml';
import { counterRules } from './counter-rules.ts';
import { alertTests, sloTests } from './promtool-test.ts';
import type { RuleFile } from './rule.ts';
import type { Slo } from './slo.ts';
import { sloRules } from './slo-rules.ts';
import { stateRules } from './state-rules.ts';

export interface GeneratedFile {
  /** Path inside `k8s/observability/`. */
  readonly path: string;
  readonly text: string;
}

const alertsFile = 'alerts.yaml';

/**
 * Prometheus rules, one file an objective, and their promtool tests beside them.
 * @param runbooks where the pages of alerts are read, such as https://example.org/runbooks
 */
export function generateRules(slos: readonly Slo[], runbooks: string): GeneratedFile[] {
  const files = slos.flatMap((slo) => {
    const name = `slo-${slo.id}.yaml`;
    return [
      yamlFile(`rules/${name}`, { groups: sloRules(slo, runbooks) } satisfies RuleFile),
      yamlFile(`rules/tests/${name}`, sloTests(`../${name}`, slo)),
    ];
  });
  return [
    ...files,
    yamlFile(`rules/${alertsFile}`, { groups: [counterRules(runbooks), stateRules(runbooks)] } satisfies RuleFile),
    yamlFile(`rules/tests/${alertsFile}`, alertTests(`../${alertsFile}`)),
  ];
}

function yamlFile(path: string, data: object): GeneratedFile {
  const text = stringify(data, { lineWidth: 0, aliasDuplicateObjects: false });
  return { path, text: `# Made by \`npm run gen\` from slo/ and packages/slo.\n${text}` };
}
