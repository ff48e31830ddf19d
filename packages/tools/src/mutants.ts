// Plants faults, one after the other, and runs the suite that must notice each: `npm run mutants`.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyTree } from './copied-tree.ts';
import { plantedFaults } from './mutants/planted-faults.ts';
import { passes, tryFault } from './mutants/trial.ts';
import { postgres } from './postgres/cluster.ts';
import { runProgram, sayOnStderr } from './program.ts';

const usage = `npm run mutants [-- --quick] [--only ID] [--list]

Plants each fault of packages/tools/src/mutants/planted-faults.ts in a copy of the working tree and runs the suite that
must notice it. Fails when one survives, hangs its suite or no longer applies. --quick leaves out those whose suite
needs a database; the others need a Postgres (PARLEY_TEST_DATABASE_URL, or one is started as by "npm run postgres -- up").`;

const atOnce = 2;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const chosen = plantedFaults.filter(
    ({ id, database }) => (values.only ?? id) === id && !(values.quick && database !== 'none'),
  );
  if (values.help || chosen.length === 0) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  if (values.list) {
    for (const { id, file, workspace, suite } of chosen) console.log(`${id}  ${file}  ${workspace}/${suite}`);
    return 0;
  }
  const needsServer = chosen.some(({ database }) => database === 'postgres');
  const databaseUrl = needsServer
    ? process.env.PARLEY_TEST_DATABASE_URL || (await postgres.up({ say: sayOnStderr })).url
    : undefined;
  const left = Map.groupBy(chosen, ({ workspace, suite }) => `${workspace}/${suite}`);
  const queue = [...left.values()];
  const failures: string[] = [];
  let killed = 0;
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, work));
  console.log(`${killed} of ${chosen.length} planted faults were noticed.`);
  for (const failure of failures) console.log(failure);
  return failures.length === 0 ? 0 : 1;

  async function work(): Promise<void> {
    const copy = copyTree(root);
    try {
      for (let faults = queue.shift(); faults !== undefined; faults = queue.shift()) {
        const [first] = faults;
        if (first === undefined || !(await passes(copy.root, first, databaseUrl))) {
          failures.push(`${first?.workspace}/${first?.suite} does not pass without a fault in it.`);
          continue;
        }
        for (const fault of faults) {
          const began = performance.now();
          const verdict = await tryFault(copy.root, fault, databaseUrl);
          console.log(`${verdict.padEnd(18)} ${fault.id} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
          if (verdict === 'killed') killed += 1;
          else
            failures.push(`${fault.id}: ${verdict}; ${fault.file}, to be noticed by ${fault.workspace}/${fault.suite}`);
        }
      }
    } finally {
      copy.remove();
    }
  }
}

await runProgram(main);
