import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { portFlag, runProgram, sayOnStderr } from '../program.ts';
import type { ComponentControl, UpOptions } from './component.ts';
import type { ComponentOptions } from './place.ts';

const componentFlags = {
  name: { type: 'string' },
  port: { type: 'string' },
  purge: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values<Flags extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: typeof componentFlags & Flags }>
>['values'];

/** What `npm run COMPONENT -- …` says and takes, beyond what it does of every component. */
export interface Front<
  Options extends UpOptions & { readonly port?: number },
  Info,
  Flags extends ParseArgsOptionsConfig,
> {
  readonly component: Pick<ComponentControl<object, Options, Info>, 'up' | 'down' | 'status'>;
  readonly usage: string;
  readonly flags?: Flags;
  readonly highestPort?: number;
  /** What `up` is told by flags of the component's own. */
  upOptions(values: Values<Flags>): Omit<Options, keyof UpOptions | 'port'>;
  /** What `url`, and `up`, print. */
  url(info: Info): string;
  /** What `up` prints, where it is not the URL. */
  started?(info: Info): string;
  /** What `status` prints. */
  about(info: Info): string;
  /** False for one of which only a part runs. */
  isUp?(info: Info): boolean;
  /** Commands of its own: a string that one resolves to is printed, and `false` shows the usage. */
  readonly commands?: Readonly<
    Record<string, (options: ComponentOptions, words: readonly string[], values: Values<Flags>) => Promise<unknown>>
  >;
}

/** Exit codes: 0 done, 1 it failed, 2 the command line is not understood, 3 the component is down. */
export async function runFront<
  Options extends UpOptions & { readonly port?: number },
  Info,
  const Flags extends ParseArgsOptionsConfig = Record<never, never>,
>(front: Front<Options, Info, Flags>): Promise<void> {
  await runProgram((args) => answer(front, args));
}

async function answer<
  Options extends UpOptions & { readonly port?: number },
  Info,
  Flags extends ParseArgsOptionsConfig,
>(front: Front<Options, Info, Flags>, args: string[]): Promise<number> {
  const { component, commands = {}, isUp = () => true, url, started = url } = front;
  const options = { ...(front.flags as Flags), ...componentFlags };
  const parsed = parseArgs({ args, allowPositionals: true, options });
  const values = parsed.values as Values<Flags>;
  const { name, port: portText, purge = false, help = false } = parsed.values as Values<Record<never, never>>;
  const named = name === undefined ? {} : { name };
  const port = portFlag(portText, front.highestPort);
  const [command = 'help', ...words] = help ? [] : parsed.positionals;
  const own = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (own !== undefined) {
    const said = await own(named, words, values);
    if (said === false) return misunderstood(front.usage);
    if (typeof said === 'string') console.log(said);
    return 0;
  }
  switch (words.length > 0 ? 'help' : command) {
    case 'up': {
      const wanted = { ...front.upOptions(values), ...named, ...(port !== undefined && { port }), say: sayOnStderr };
      console.log(started(await component.up(wanted as unknown as Options)));
      return 0;
    }
    case 'down':
      await component.down({ ...named, isPurged: purge });
      return 0;
    case 'status':
    case 'url': {
      const info = await component.status(named);
      if (info === undefined || (command === 'url' && !isUp(info))) {
        console.error('down');
        return 3;
      }
      console.log(command === 'url' ? url(info) : front.about(info));
      return isUp(info) ? 0 : 3;
    }
    default:
      misunderstood(front.usage);
      return help ? 0 : 2;
  }
}

function misunderstood(usage: string): 2 {
  console.error(usage);
  return 2;
}
