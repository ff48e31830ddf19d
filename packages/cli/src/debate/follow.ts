import type { DebateStatus, DebateSummary } from '@parley/contracts/debate';
import { shutdownSignal } from '@parley/runtime/shutdown.ts';
import type { FollowedEvent, FollowState, Parley } from '@parley/sdk';
import { openClient, withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { type Format, renderedLine } from '../command-line/output.ts';
import { createTranscript } from './transcript.ts';

export interface FollowFlags {
  /** The number of the last event that was seen. */
  readonly after?: number;
  readonly output?: Format;
}

/** `parley debate follow <id>`: until the debate is over, over restarts of the gateway. */
export async function followCommand(call: Call<FollowFlags>): Promise<number> {
  const [id = ''] = call.args;
  // A debate that is not there, and a gateway that is not, are said now; later a gateway that is away comes back.
  await withGateway(call, (parley) => parley.debates.get(id));
  return followInTerminal(call, openClient(call.env), id);
}

/** Shows a debate until its end or Ctrl-C. Resolves to the exit code. */
export async function followInTerminal(call: Call<FollowFlags>, parley: Parley, id: string): Promise<number> {
  const { flags, terminal, self } = call;
  const { signal } = shutdownSignal();
  let last = flags.after ?? 0;
  const waiting = `Following ${id} from event ${last + 1} …`;
  terminal.status(waiting);
  try {
    const ended = await followDebate(parley, id, shower(call), signal, {
      after: flags.after,
      onSequence: (seq) => {
        last = seq;
      },
      onCut: () => terminal.status('The gateway is away; asking again …'),
    });
    return ended === 'failed' ? exitCodes.failed.code : exitCodes.ok.code;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    const again = `${self} debate follow ${id}${last === 0 ? '' : ` --after ${last}`}`;
    terminal.note(`\nThe debate goes on without you. Follow it again: ${again}`);
    return exitCodes.interrupted.code;
  } finally {
    terminal.status(undefined);
  }
}

/** Shows events. Programs get every numbered event as a line, and no pieces of text, which have no number. */
function shower({ flags, terminal }: Call<FollowFlags>): (event: FollowedEvent) => void {
  const { output: format = 'table' } = flags;
  if (format === 'table') return createTranscript(terminal).show;
  return (event) => {
    if (event.type !== 'delta') terminal.write(`${renderedLine(format, event)}\n`);
  };
}

const open = new Set<DebateStatus>(['accepted', 'debating', 'judging']);

/** The newest debate that is still going, on `topic` where one is named. */
export async function unfinishedDebate(parley: Parley, topic: string | undefined): Promise<DebateSummary | undefined> {
  const { debates } = await parley.debates.list({ limit: 100 });
  return debates.find((debate) => open.has(debate.status) && (topic === undefined || debate.topic === topic));
}

export interface FollowHooks {
  /** Called after every numbered event. */
  onSequence?(seq: number): void;
  /** The connection is gone; it is opened again until the debate is over. */
  onCut?(): void;
  readonly after?: number | undefined;
}

/** Shows a debate until it is closed. Resolves to how it ended. */
export async function followDebate(
  parley: Parley,
  id: string,
  show: (event: FollowedEvent) => void,
  signal: AbortSignal,
  { after, onSequence, onCut = () => {} }: FollowHooks = {},
): Promise<'closed' | 'cancelled' | 'failed' | undefined> {
  const onState = (state: FollowState): void => {
    if (state === 'lost') onCut();
  };
  for await (const event of parley.debates.follow(id, { signal, after, onState })) {
    show(event);
    if (event.type === 'delta') continue;
    onSequence?.(event.seq);
    if (event.type === 'debate-closed.v1') return event.data.status;
  }
  return undefined;
}
