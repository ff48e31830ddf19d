import type { Fact } from '@parley/contracts';
import { harmless, type Terminal } from '../command-line/terminal.ts';

const shownCharacters = 200;

/** A run as people read it: what it calls, what comes back, what it asks, its answer. */
export function createRunTranscript({ write, paint }: Pick<Terminal, 'write' | 'paint'>) {
  const line = (mark: string, text: string): string => {
    const all = harmless(text.replace(/\s+/g, ' '));
    return `${mark} ${all.length > shownCharacters ? `${all.slice(0, shownCharacters)} …` : all}\n`;
  };
  const dim = (text: string) => paint('dim', text);

  function textOf({ type, data }: Fact): string {
    switch (type) {
      case 'thought.v1': {
        const by = data.isRehearsal ? `${data.model}: no model is asked` : data.model;
        return data.calls.length > 0 ? line('●', dim(`thinking  ${by}`)) : '';
      }
      case 'thought-rejected.v1':
        return line('!', dim(`${data.code}: ${data.reason}`));
      case 'call-started.v1':
        return line('●', `${data.tool}${data.attempt > 1 ? `, attempt ${data.attempt}` : ''}`);
      case 'call-succeeded.v1':
        return line('  →', data.output);
      case 'call-failed.v1':
      case 'call-refused.v1':
        return line('  ✗', `${data.code}: ${data.reason}`);
      case 'run-waiting.v1':
        return line('…', `waiting: ${data.reason}`);
      case 'question-asked.v1':
        return line('?', data.text);
      case 'run-replied.v1': {
        const { inputTokens, outputTokens } = data.used;
        return `${harmless(data.text)}\n${dim(`${inputTokens} + ${outputTokens} tokens (in + out)`)}\n`;
      }
      case 'run-failed.v1':
        return line('✗', `${data.code}: ${data.reason}`);
      case 'run-cancelled.v1':
        return line('✗', 'cancelled');
      default:
        return '';
    }
  }
  return { show: (fact: Fact): void => write(textOf(fact)) };
}
