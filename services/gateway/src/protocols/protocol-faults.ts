import { answerFaults, type Fault, type Logger } from '@parley/runtime';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { restFault } from './a2a/rest-fault.ts';
import { jsonRpcFault } from './json-rpc.ts';
import { errorOf } from './openai/errors.ts';

type Send = (fault: Fault, response: Response, request: Request) => void;

/** Protocols that have a form for faults which no method of theirs raised: of the body, the guard, the limits. */
const forms: readonly (readonly [path: RegExp, send: Send])[] = [
  [/^\/v1\/(models|chat)(\/|$)/i, (fault, response) => response.json(errorOf(fault))],
  [/^\/(mcp|a2a(\/debater-[ab])?)\/?$/i, (fault, response, { body }) => response.json(jsonRpcFault(fault, body))],
  [/^\/a2a(\/debater-[ab])?\/v1(\/|$)/i, (fault, response) => restFault(fault, response)],
];

/** Whoever asks by a protocol is answered in it; AG-UI has no form of its own before a run begins. */
export function protocolFaults(logger: Logger): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    const form = forms.find(([path]) => path.test(request.path));
    if (form === undefined) next(thrown);
    else answerFaults(logger, (fault) => form[1](fault, response, request))(thrown, request, response, next);
  };
}
