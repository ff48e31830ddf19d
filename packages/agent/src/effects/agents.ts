import { ParleyError } from '@parley/contracts';
import type { StoredEvent } from '@parley/spine';
import type { AgentDefinition } from '../definition.ts';
import type { RunEvent } from '../domain/run-state.ts';

/** Finds the agent of a run, in the version that the run was started with. */
export type FindAgent = (name: string, version: number) => AgentDefinition | undefined;

/** A run's log with the agent that it is of. */
export interface RunLog {
  readonly agent: AgentDefinition;
  readonly input: string;
  readonly deadlineAt: number;
  readonly events: readonly RunEvent[];
}

/** @throws ParleyError AGENT_UNKNOWN: this deployment does not have the agent, or not in that version */
export function runLog(stored: readonly StoredEvent[], find: FindAgent): RunLog {
  const events = stored.map(({ type, data }) => ({ type, data }) as RunEvent);
  const [started] = events;
  if (started?.type !== 'run-started.v1') throw new ParleyError('INTERNAL', 'The log of the run has no beginning.');
  const { agent: name, version, input, deadlineAt } = started.data;
  const agent = find(name, version);
  if (agent === undefined) throw new ParleyError('AGENT_UNKNOWN', `There is no agent "${name}" in version ${version}.`);
  return { agent, input, deadlineAt, events };
}
