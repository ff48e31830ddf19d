import type { CommandResult } from '../src/command.ts';
import type { Engine, RunCommand } from '../src/container/engine.ts';

/** What one container of docker or podman goes through, by the commands that it is given; each is written down. */
export function standInEngine(name: Engine['name'] = 'docker') {
  let state: 'absent' | 'running' | 'paused' | 'exited' = 'absent';
  const asked: string[][] = [];
  const environments: NodeJS.ProcessEnv[] = [];
  const answer = (code: number, output = ''): CommandResult => ({ code, output });
  const to = (next: typeof state, ...from: (typeof state)[]): CommandResult => {
    if (!from.includes(state)) return answer(125, `Error: the container is ${state}`);
    state = next;
    return answer(0);
  };
  const run: RunCommand = async (_file, args, options = {}) => {
    asked.push([...args]);
    if (options.env !== undefined) environments.push(options.env);
    switch (args[0]) {
      case 'container':
        return state === 'absent' ? answer(1, 'No such container') : answer(0, state === 'exited' ? '0\n' : '4711\n');
      case 'run':
        return to('running', 'absent');
      case 'start':
        return to('running', 'exited');
      case 'stop':
      case 'kill':
        return to('exited', 'running', 'paused');
      case 'pause':
        return to('paused', 'running');
      case 'unpause':
        return to('running', 'paused');
      case 'rm':
        return to('absent', 'absent', 'running', 'paused', 'exited');
      case 'exec':
        return state === 'running' ? answer(0) : answer(1);
      default:
        return answer(0, 'its last words\n');
    }
  };
  const engine: Engine = { name, run };
  /** Commands since the last time, without the questions. */
  const said = () =>
    asked
      .splice(0)
      .filter(([command]) => command !== 'container')
      .map((args) => args.join(' '));
  return { engine, said, environments };
}
