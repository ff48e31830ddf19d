import { run } from '@parley/agent';
import type { Fact, Message } from '@parley/contracts';
import type { Reading } from '@parley/runtime';

/** A command about a run is an input of it. */
export function readMessage(fact: Fact, { id, subject, traceparent }: Message): Reading {
  switch (fact.type) {
    case 'start-run.v1':
    case 'cancel-run.v1':
    case 'add-message.v1':
    case 'answer-question.v1':
      return { id, kind: run.kind, stream: subject, input: fact, traceparent };
    default:
      return undefined;
  }
}
