import { defaultTenant, probeTenant, tenantSchema } from '@parley/contracts';
import { parse } from '@parley/runtime';
import type { RequestHandler } from 'express';
import { z } from 'zod';

const askingTenant = tenantSchema.refine((name) => name !== probeTenant, {
  message: `"${probeTenant}" is the name under which Parley looks after itself; name another tenant`,
});

/**
 * Whose request it is, for `response.locals.tenant`. Without a header to trust everybody is the default tenant; with
 * one, every request must carry it.
 */
export function readTenant(header: string | undefined): RequestHandler {
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
