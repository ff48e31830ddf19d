import { addUsage, noUsage } from '@parley/contracts';
import type { ProposedCall } from '@parley/contracts/run';
import type { Going, OpenCall, RunEvent, RunState } from './run-state.ts';

/** The state after one more event. An event that this build does not know changes nothing. */
export function evolveRun(state: RunState, event: RunEvent): RunState {
  if (event.type === 'run-started.v1') {
    const { agent, limits, deadlineAt } = event.data;
    return {
      ...{ phase: 'going', agent, deadlineAt, limits, heard: 0, asked: 1, rejections: 0, calls: 0, used: noUsage },
      ...{ open: [], results: '', resultsBefore: '', repeats: 0 },
    };
  }
  return state.phase === 'going' ? evolveGoing(state, event) : state;
}

function evolveGoing(state: Going, event: RunEvent): RunState {
  switch (event.type) {
    case 'thought.v1': {
      const { thought, calls, usage } = event.data;
      const open = calls.map((call, i) => opened(`${thought}.${i + 1}`, call));
      const begun = { heard: thought, rejections: 0, lastFailure: undefined, waitingSince: undefined };
      return { ...state, ...begun, used: addUsage(state.used, usage), open, results: '', resultsBefore: state.results };
    }
    case 'thought-rejected.v1': {
      const { thought, reason, usage = noUsage } = event.data;
      const counted = { rejections: state.rejections + 1, lastFailure: reason, used: addUsage(state.used, usage) };
      return { ...state, ...counted, heard: thought, asked: thought + 1, waitingSince: undefined };
    }
    case 'call-started.v1': {
      const { call, attempt, args } = event.data;
      const counted = attempt === 1 ? { calls: state.calls + 1 } : {};
      return { ...changed(state, call, { phase: 'running', attempt, args, question: undefined }), ...counted };
    }
    case 'call-succeeded.v1': {
      const { call, outputHash = call } = event.data;
      return closed(state, call, outputHash);
    }
    case 'call-failed.v1':
    case 'call-refused.v1':
      return closed(state, event.data.call, event.data.code);
    case 'question-asked.v1': {
      const { call, question: id, about } = event.data;
      return changed(state, call, { phase: 'asking', question: { id, about } });
    }
    case 'question-answered.v1': {
      const { question, answer } = event.data;
      const asking = state.open.find((open) => open.question?.id === question);
      if (asking === undefined || (answer.is !== 'approved' && answer.is !== 'not-done')) return state;
      const args = answer.is === 'approved' ? answer.args : asking.args;
      return changed(state, asking.call, { phase: 'ready', question: undefined, args });
    }
    case 'run-waiting.v1': {
      const { call, since: waitingSince } = event.data;
      return call === undefined ? { ...state, waitingSince } : changed(state, call, { waitingSince });
    }
    case 'run-replied.v1':
    case 'run-failed.v1':
    case 'run-cancelled.v1':
      return { phase: 'over' };
    default:
      return state;
  }
}

function opened(call: string, proposed: ProposedCall): OpenCall {
  const { tool } = proposed;
  if ('code' in proposed) return { call, tool, class: 'read', argsHash: '', attempt: 0, phase: 'refused' };
  const { argsHash } = proposed;
  if ('asks' in proposed) return { call, tool, class: 'person', argsHash, attempt: 0, phase: 'asking' };
  const phase = proposed.needsApproval ? 'asking' : 'ready';
  return { call, tool, class: proposed.effectClass, argsHash, attempt: 0, phase };
}

function changed(state: Going, call: string, change: Partial<OpenCall>): Going {
  return { ...state, open: state.open.map((open) => (open.call === call ? { ...open, ...change } : open)) };
}

/** With the last open call closed, the next thought is asked for. */
function closed(state: Going, call: string, result: string): Going {
  const found = state.open.find((open) => open.call === call);
  if (found === undefined) return state;
  const open = state.open.filter((other) => other !== found);
  const results = `${state.results}${found.tool} ${found.argsHash} ${result}\n`;
  if (open.length > 0) return { ...state, open, results };
  const sorted = results.split('\n').sort().join('\n');
  const repeats = sorted === state.resultsBefore ? state.repeats + 1 : 1;
  return { ...state, open, results: sorted, repeats, asked: state.heard + 1 };
}
