import {
  deadLetterDetail,
  deadLetterPage,
  deadLetterQuery,
  parkedPage,
  replayedView,
  replayLetterBody,
  systemView,
  unparkBody,
  unparkView,
} from '@parley/contracts';
import { z } from 'zod';
import { bareExamples, command, faults, json, keyHeader, problem, unknown } from '../api/openapi-answers.ts';
import type { Operation } from '../api/openapi-builder.ts';

const params = z.object({ id: z.uuid() });

/** How the services do, and what they could not do; all but the list of what is set aside need the scope `admin`. */
export const systemOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/v1/system',
    id: 'getSystem',
    summary: 'How every service does, by the last report of each of its processes.',
    responses: {
      200: json(systemView, 'As this gateway has heard; a process that is silent is shown as that.'),
      ...faults,
    },
  },
  {
    method: 'get',
    path: '/v1/parked',
    id: 'listParked',
    summary: 'Streams that are set aside because their decide threw.',
    responses: { 200: json(parkedPage, 'The newest 100.'), ...faults },
  },
  {
    method: 'post',
    path: '/v1/parked/{id}/unpark',
    id: 'unparkStream',
    summary: 'Have the service give the stream another try, with the inputs it was set aside with.',
    params,
    headers: keyHeader,
    body: { schema: unparkBody, examples: bareExamples },
    responses: {
      202: json(unparkView, 'The command is on its way; asking again does no harm.'),
      ...unknown('stream set aside'),
      ...command,
      409: problem('In flight, or it is not set aside any more (NOT_PARKED).'),
      ...faults,
    },
  },
  {
    method: 'get',
    path: '/v1/dead-letters',
    id: 'listDeadLetters',
    summary: 'Messages that a service could not read, newest first.',
    query: deadLetterQuery,
    responses: { 200: json(deadLetterPage, 'One page.'), ...faults },
  },
  {
    method: 'get',
    path: '/v1/dead-letters/{id}',
    id: 'getDeadLetter',
    summary: 'One of them, with what it was.',
    params,
    responses: { 200: json(deadLetterDetail, 'The dead letter.'), ...unknown('dead letter'), ...faults },
  },
  {
    method: 'post',
    path: '/v1/dead-letters/{id}/replay',
    id: 'replayDeadLetter',
    summary: 'Send it again to the topic it was on. Who has handled it knows it by its id.',
    params,
    headers: keyHeader,
    body: { schema: replayLetterBody, examples: bareExamples },
    responses: {
      202: json(replayedView, 'It is on its way.'),
      ...unknown('dead letter'),
      ...command,
      409: problem('In flight.'),
      422: problem('It cannot be sent again (NOT_REPLAYABLE), or the Idempotency-Key was used with another body.'),
      ...faults,
    },
  },
];
