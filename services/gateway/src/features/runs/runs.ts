import { type AgentDefinition, builtinAgents } from '@parley/agent/builtin-agents.ts';
import { ParleyError } from '@parley/contracts';
import {
  type AnswerQuestionV1,
  defaultRunLimits,
  type RunAnswerBody,
  type RunView,
  runKind,
  runLimitsSchema,
  type Answer as Said,
  type StartRunBody,
  type StartRunV1,
} from '@parley/contracts/run';
import { newId } from '@parley/runtime/id.ts';
import type { RequestContext } from '../../api/request-context.ts';
import type { WriteCommand } from '../../streams/command.ts';
import { createEnvelope } from '../../streams/envelope.ts';
import type { FeatureParts } from '../../streams/feature.ts';
import type { Answer } from '../../streams/idempotency-store.ts';
import type { StreamRow } from '../../streams/stream-store.ts';
import { emptyListing, titleCharacters, viewOf } from './run-listing.ts';
import { saidBy } from './said.ts';

const over: ReadonlySet<string> = new Set(['replied', 'cancelled', 'failed', 'parked'] satisfies RunView['status'][]);

/** The agent of that name, in its present version. @throws ParleyError NOT_FOUND */
export function agentNamed(name: string): AgentDefinition {
  const agent = builtinAgents.find((one) => one.name === name);
  if (agent !== undefined) return agent;
  const names = builtinAgents.map((one) => one.name).join(', ');
  throw new ParleyError('NOT_FOUND', `There is no agent "${name.slice(0, 64)}"; there are ${names}.`);
}

/** What every protocol does with runs. */
export function createRuns({ command, store, streams, checkQuota }: FeatureParts) {
  /** Sends something to a run that goes on; the service decides whether it still does when it arrives. */
  const tell = (
    context: RequestContext,
    id: string,
    body: unknown,
    action: string,
    send: (row: StreamRow, write: (type: string, data: unknown) => Promise<void>) => Promise<void>,
  ): Promise<Answer> =>
    command(
      context,
      body,
      async (tx, write) => {
        const row = await streams.existing(tx, context.tenant, runKind, id);
        if (over.has(row.status)) throw new ParleyError('ALREADY_CLOSED', `Run ${id} is ${row.status}.`);
        await send(row, (type, data) => written(write, context, action, row.id, type, data));
        return { status: 202, response: { id: row.id, status: row.status } };
      },
      { audit: { action: `run.${action}`, target: id } },
    );

  const answerTo = (row: StreamRow, question: string, answer: Said, by: string): AnswerQuestionV1 => {
    const open = viewOf(row).questions.find((one) => one.question === question);
    if (open === undefined) throw new ParleyError('NOT_FOUND', `Run ${row.id} does not ask "${question}" now.`);
    return { question, answer, by };
  };

  return {
    view: async (tenant: string, id: string): Promise<RunView> => viewOf(await streams.find(tenant, runKind, id)),

    /** @returns a `RunView` as its response. @throws ParleyError NOT_FOUND */
    start(context: RequestContext, name: string, body: StartRunBody): Promise<Answer> {
      const { version, limits } = agentNamed(name);
      const data: StartRunV1 = {
        agent: name,
        version,
        input: body.input,
        limits: runLimitsSchema.parse({ ...defaultRunLimits, ...limits, ...body.limits }),
      };
      return command(context, { name, ...body }, async (tx, write) => {
        await checkQuota(tx, context.tenant);
        const id = newId();
        const title = body.input.slice(0, titleCharacters);
        const row = { id, kind: runKind.name, tenant: context.tenant, status: 'accepted', title, parent: null };
        const accepted = await store.accept(tx, { ...row, summary: { ...emptyListing, agent: name } });
        await written(write, context, 'start', id, 'start-run.v1', data);
        return { status: 202, response: viewOf(accepted) };
      });
    },

    cancel: (context: RequestContext, id: string, body: { readonly reason?: string | undefined }) =>
      tell(context, id, body, 'cancel', (_, write) => write('cancel-run.v1', body)),

    addMessage: (context: RequestContext, id: string, body: { readonly text: string }) =>
      tell(context, id, body, 'message', (_, write) => write('add-message.v1', body)),

    /** @throws ParleyError NOT_FOUND: it does not ask that */
    answer: (context: RequestContext, id: string, body: RunAnswerBody) =>
      tell(context, id, body, 'answer', (row, write) => {
        if ('question' in body) {
          return write('answer-question.v1', answerTo(row, body.question, body.answer, context.subject));
        }
        const [asked] = viewOf(row).questions;
        if (asked === undefined) throw new ParleyError('NOT_FOUND', `Run ${id} asks nothing now.`);
        const { question } = asked;
        return write('answer-question.v1', { question, answer: saidBy(asked, body.text), by: context.subject });
      }),

    /** Words of a person to a run: the answer to its first question, or a message where it asks nothing. */
    say: (context: RequestContext, id: string, text: string) =>
      tell(context, id, { text }, 'say', async (row, write) => {
        const [asked] = viewOf(row).questions;
        if (asked === undefined) return write('add-message.v1', { text });
        return write('answer-question.v1', answerTo(row, asked.question, saidBy(asked, text), context.subject));
      }),
  };
}
export type Runs = ReturnType<typeof createRuns>;

function written(
  write: WriteCommand,
  context: RequestContext,
  how: string,
  run: string,
  type: string,
  data: unknown,
): Promise<void> {
  const id = how === 'start' ? `start/${run}` : `${how}/${newId()}`;
  return write(runKind.commands, createEnvelope(context, id, run, type, data));
}
