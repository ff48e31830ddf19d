import { answerFaults, type Fault, type Logger } from '@parley/runtime';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { AgentPort } from '../streams/agent-port.ts';
import { pathOf } from './a2a/paths.ts';
import { restFault } from './a2a/rest-fault.ts';
import { jsonRpcFault } from './json-rpc.ts';
import { errorOf } from './openai/errors.ts';

type Send = (fault: Fault, response: Response, request: Request) => void;
type Form = readonly [path: RegExp, send: Send];

/** Protocols that have a form for faults which no method of theirs raised: of the body, the guard, the limits. */
function formsOf(agents: readonly AgentPort[]): readonly Form[] {
  const paths = agents.map((agent) => pathOf(agent, agents)).join('|');
  return [
    [/^\/v1\/(models|chat)(\/|$)/i, (fault, response) => response.json(errorOf(fault))],
    [new RegExp(`^(/mcp|${paths})/?$`, 'i'), (fault, response, { body }) => response.json(jsonRpcFault(fault, body))],
    [new RegExp(`^(${paths})/v1(/|$)`, 'i'), (fault, response) => restFault(fault, response)],
  ];
}

/** Whoever asks by a protocol is answered in it; AG-UI has no form of its own before a run begins. */
export function protocolFaults(logger: Logger, agents: readonly AgentPort[]): ErrorRequestHandler {
  const forms = formsOf(agents);
  return (thrown, request, response, next) => {
    const form = forms.find(([path]) => path.test(request.path));
    if (form === undefined) next(thrown);
    else answerFaults(logger, (fault) => form[1](fault, response, request))(thrown, request, response, next);
  };
}
