import type { Fact, Message } from '@parley/contracts';
import type { Checks, Side, StartDebateV1 } from '@parley/contracts/debate';
import type { Reading } from '@parley/runtime';
import { debate } from '../domain/debate.ts';
import { replay } from '../domain/replay.ts';

/** Services that may speak for a side: no other's answer counts, whatever it claims. */
const speakers: Readonly<Record<string, Side>> = { 'debater-a': 'pro', 'debater-b': 'con' };

/** What a debate says nothing about is looked at as this moderator is set up to. */
export function withChecks(command: StartDebateV1, defaults: Checks): StartDebateV1 {
  return Object.keys(defaults).length === 0 ? command : { ...command, checks: { ...defaults, ...command.checks } };
}

export function readMessage(fact: Fact, message: Message, defaults: Checks = {}): Reading {
  const { id, subject, source, traceparent } = message;
  switch (fact.type) {
    case 'turn-replied.v1':
    case 'turn-failed.v1':
    case 'model-waiting.v1':
      if (speakers[source] !== fact.data.side) {
        return { invalid: `${source} may not speak for ${fact.data.side}` };
      }
      return { id, kind: debate.kind, stream: subject, input: fact, traceparent };
    case 'start-debate.v1': {
      const input = { type: fact.type, data: withChecks(fact.data, defaults) };
      return { id, kind: debate.kind, stream: subject, input, traceparent };
    }
    case 'cancel-debate.v1':
    case 'pause-debate.v1':
    case 'resume-debate.v1':
    case 'add-note.v1':
    case 'interject.v1':
      return { id, kind: debate.kind, stream: subject, input: fact, traceparent };
    case 'replay-debate.v1': {
      // A stream of its own: the debate's is left as it is.
      const input = { type: fact.type, data: { debate: subject, rules: fact.data.rules } };
      return { id, kind: replay.kind, stream: fact.data.replay, input, traceparent };
    }
    default:
      return undefined;
  }
}
