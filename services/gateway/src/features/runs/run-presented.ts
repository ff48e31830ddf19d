import type { Fact } from '@parley/contracts';
import type { End, Presented } from '../../domain/presented.ts';

const answer = { id: 'answer', name: 'Answer', order: 1, before: '', after: '', metadata: {} };

/** What a fact of a run is to every protocol. */
export function presentRun({ type, data }: Fact): Presented | undefined {
  const ended = (status: End['status'], reason: string): Presented => ({
    status,
    end: { status, reason, isCutShort: cutShort.has(reason), data },
  });
  switch (type) {
    case 'run-started.v1':
      return { status: 'working' };
    case 'thought.v1': {
      const calls = data.calls.map(({ tool, ...call }) => `${tool} ${'args' in call ? JSON.stringify(call.args) : ''}`);
      return calls.length === 0 ? undefined : { progress: `Calls ${calls.join(', ')}.` };
    }
    case 'call-succeeded.v1':
      return { progress: `Answered: ${data.output.slice(0, 200)}` };
    case 'call-failed.v1':
    case 'call-refused.v1':
    case 'thought-rejected.v1':
      return { progress: `${data.code}: ${data.reason}` };
    case 'run-waiting.v1':
      return { progress: `Waiting: ${data.reason}` };
    case 'question-asked.v1':
      return { status: 'input-required', words: data.text };
    case 'question-answered.v1':
      return { status: 'working' };
    case 'run-replied.v1':
      return { ...ended('completed', 'replied'), artifact: { ...answer, author: 'agent', text: data.text } };
    case 'run-failed.v1':
      return { ...ended('failed', data.code), words: data.reason };
    case 'run-cancelled.v1':
      return ended('canceled', 'cancelled');
    default:
      return undefined;
  }
}

/** Ends because something was used up. */
const cutShort: ReadonlySet<string> = new Set(['STEPS_SPENT', 'TOKENS_SPENT', 'DEADLINE_PASSED', 'LOOPING']);
