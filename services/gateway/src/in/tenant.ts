import { defaultTenant, probeTenant, tenantSchema } from '@parley/contracts';
import { parse } from '@parley/runtime';
import type { RequestHandler } from 'express';
import { z } from 'zod';

/** By which the gateway knows its own requests; the value is a key that every process makes anew. */
export const probeHeader = 'Parley-Probe';

const askingTenant = tenantSchema.refine((name) => name !== probeTenant, {
  message: `"${probeTenant}" is the name under which Parley looks after itself; name another tenant`,
});

/**
 * Whose request it is, for `response.locals.tenant`. Without a header to trust everybody is the default tenant; with
 * one, every request must carry it. Who knows the probe's key is the probe.
 */
export function readTenant(header: string | undefined, probeKey: string): RequestHandler {
  const ofUsers = readUser(header);
  return (request, response, next) => {
    if (request.get(probeHeader) !== probeKey) return ofUsers(request, response, next);
    response.locals.tenant = probeTenant;
    next();
  };
}

function readUser(header: string | undefined): RequestHandler {
  if (header === undefined) {
    return (_request, response, next) => {
      response.locals.tenant = defaultTenant;
      next();
    };
  }
  const schema = z.object({ [header]: askingTenant });
  return (request, response, next) => {
    response.locals.tenant = parse(schema, { [header]: request.get(header) }, 'header')[header];
    next();
  };
}
