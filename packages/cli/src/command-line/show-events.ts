import { shutdownSignal } from '@parley/runtime/shutdown.ts';
import type { FollowedEvent, FollowOptions, FollowState } from '@parley/sdk';
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

export interface Shown {
  /** What is waited for. */
  readonly waiting: string;
  events(how: Pick<FollowOptions, 'signal' | 'onState'>): AsyncIterable<FollowedEvent>;
  /** Shows a numbered event; an exit code ends the following. */
  show(event: Exclude<FollowedEvent, { type: 'delta' }>): number | undefined;
  /** What somebody who leaves is told. */
  left(): string;
}

/** Shows the numbered events of a stream until its last, or Ctrl-C, over restarts of the gateway. @returns the exit code */
export async function showEvents(terminal: Terminal, { waiting, events, show, left }: Shown): Promise<number> {
  const { signal } = shutdownSignal();
  const onState = (state: FollowState): void => {
    if (state === 'lost') terminal.status('The gateway is away; asking again …');
  };
  terminal.status(waiting);
  try {
    for await (const event of events({ signal, onState })) {
      const code = event.type === 'delta' ? undefined : show(event);
      if (code !== undefined) return code;
    }
    return exitCodes.ok.code;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    terminal.note(`\n${left()}`);
    return exitCodes.interrupted.code;
  } finally {
    terminal.status(undefined);
  }
}
