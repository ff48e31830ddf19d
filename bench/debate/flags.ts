import { parseArgs } from 'node:util';

const usage = `npm run bench:debate -- [flags]

  --model NAME     of the debaters, and of the judge unless --judge NAME (PARLEY_MODEL, else the first that is found)
  --debates N      each on a motion of its own          --rounds N     each uses all of them
  --judgements N   replays of each debate               --share S      of turns that repeat, 0 to 1
  --seed N         draws which ones                     --at-once N    debates
  --minutes N      then it ends with what there is
  -o json          one line of JSON                     --write        puts the table into bench/README.md`;

/** The command line of the bench. Ends the process with a sentence about the flag that cannot be used. */
export function readFlags(args: readonly string[]) {
  const { values } = parsed(args);
  if (values.help) {
    console.log(usage);
    return process.exit(0);
  }
  const number = (flag: keyof typeof values, least: number, most: number, isWhole = true): number => {
    const value = Number(values[flag]);
    if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
    return refuse(`--${flag} ${values[flag]}: give a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`);
  };
  if (values.output !== undefined && values.output !== 'json')
    refuse(`--output ${values.output}: "json" is the only one.`);
  return {
    model: values.model,
    judge: values.judge,
    debates: number('debates', 1, 1_000),
    rounds: number('rounds', 2, 32),
    judgements: number('judgements', 1, 20),
    share: number('share', 0, 1, false),
    seed: number('seed', 0, 2 ** 31),
    atOnce: number('at-once', 1, 64),
    minutes: number('minutes', 0.1, 24 * 60, false),
    isJson: values.output === 'json',
    isWritten: values.write,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        model: { type: 'string' },
        judge: { type: 'string' },
        debates: { type: 'string', default: '24' },
        rounds: { type: 'string', default: '8' },
        judgements: { type: 'string', default: '3' },
        share: { type: 'string', default: '0.25' },
        seed: { type: 'string', default: '1' },
        'at-once': { type: 'string', default: '4' },
        minutes: { type: 'string', default: '10' },
        output: { type: 'string', short: 'o' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (thrown) {
    return refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${usage}`);
  return process.exit(2);
}
