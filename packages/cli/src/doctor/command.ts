import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { harmless, type Terminal } from '../command-line/terminal.ts';
import { type Check, type Finding, findingsOf } from './finding.ts';
import { gatewayChecks } from './gateway.ts';
import { machineChecks } from './machine.ts';
import { modelChecks } from './models.ts';
import { programChecks } from './programs.ts';
import { serverChecks } from './servers.ts';

export interface DoctorReport {
  readonly isWell: boolean;
  readonly groups: readonly { readonly title: string; readonly findings: readonly Finding[] }[];
}

/** `parley doctor`: what was found and what is needed. Exit code 1 when something that is needed is missing. */
export async function doctorCommand({ env, terminal, self, print }: Call): Promise<number> {
  const groups: readonly { readonly title: string; readonly checks: readonly Check[] }[] = [
    { title: 'This machine', checks: machineChecks(env, self) },
    { title: 'Models', checks: modelChecks(env) },
    { title: 'Servers', checks: serverChecks(env, self) },
    { title: 'The gateway that commands talk to', checks: gatewayChecks(env, self) },
    { title: 'Programs for work on Parley', checks: programChecks(env, process.platform) },
  ];
  terminal.status('Looking …');
  const looked = await Promise.all(
    groups.map(async ({ title, checks }) => ({
      title,
      findings: (await Promise.all(checks.map(findingsOf))).flat(),
    })),
  );
  terminal.status(undefined);
  const isWell = looked.every(({ findings }) => findings.every(({ status }) => status !== 'missing'));
  const report: DoctorReport = { isWell, groups: looked };
  print(report, () => doctorPage(report, terminal));
  return isWell ? exitCodes.ok.code : exitCodes.failed.code;
}

const marks = { ok: ['green', '✓'], optional: ['yellow', '–'], missing: ['red', '✗'] } as const;

/** The report for people: what is red or yellow ends with the command that mends it. */
export function doctorPage({ groups }: DoctorReport, { paint }: Pick<Terminal, 'paint'>): string {
  const all = groups.flatMap(({ findings }) => findings);
  const width = Math.max(...all.map(({ component }) => component.length));
  const line = ({ component, status, found, needed, remedy }: Finding): string => {
    const [colour, mark] = marks[status];
    const rest = remedy === null ? '' : `; needed: ${needed} → ${remedy}`;
    const text = `  ${mark} ${component.padEnd(width)}  ${harmless(found).replace(/[.;]$/, '')}${rest}`;
    return status === 'missing' ? paint(colour, text) : `  ${paint(colour, mark)}${text.slice(3)}`;
  };
  const count = (status: Finding['status']): number => all.filter((one) => one.status === status).length;
  const [missing, optional] = [count('missing'), count('optional')];
  const verdict =
    missing === 0
      ? `All that is needed is there.${optional === 0 ? '' : ` What is marked – (${optional}) would add to it.`}`
      : `${missing} ${missing === 1 ? 'thing is' : 'things are'} missing: each red line (✗) ends with the command that mends it.`;
  return [...groups.flatMap(({ title, findings }) => [paint('bold', title), ...findings.map(line), '']), verdict].join(
    '\n',
  );
}
