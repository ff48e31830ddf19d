import { type Fault, isUnreadable } from '@parley/runtime';
import { z } from 'zod';

const id = z.union([z.string(), z.int(), z.null()]);
const requestSchema = z.looseObject({ jsonrpc: z.literal('2.0'), method: z.string().min(1), id: id.optional() });

/** Source: JSON-RPC 2.0 §4; no protocol here takes batches. */
export const isJsonRpc = (body: unknown): boolean => requestSchema.safeParse(body).success;

/** Of what can be read of a request, null otherwise. Source: JSON-RPC 2.0 §5. */
export const idOf = (body: unknown): string | number | null =>
  id.catch(null).parse((body as { id?: unknown } | null | undefined)?.id);

export const internalError = -32_603;
export const invalidRequest = { code: -32_600, message: 'This is no JSON-RPC 2.0 request.' };

/** A fault outside of any method. Source: JSON-RPC 2.0 §5.1; -32000 is the first of those a server may define. */
export function jsonRpcFault(fault: Fault, body: unknown) {
  const { status, code, detail, traceId } = fault.problem;
  const isOfRequest = status === 400 || status === 405 || status === 413;
  const rpcCode = isUnreadable(fault)
    ? -32_700
    : isOfRequest
      ? invalidRequest.code
      : status === 500
        ? -32_603
        : -32_000;
  return {
    jsonrpc: '2.0',
    id: idOf(body),
    error: { code: rpcCode, message: detail, data: [errorInfo(code, traceId)] },
  };
}

/** Source: google.rpc.ErrorInfo, as A2A 1.0 §9.5 and §11.6 have it. */
export function errorInfo(reason: string, traceId: string) {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'parley', metadata: { traceId } };
}
