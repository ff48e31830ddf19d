import type { Caller } from '@parley/contracts/http';
import type { Response } from 'express';

export function setCaller(response: Response, caller: Caller): void {
  response.locals.caller = caller;
}

/** The caller that the guard has found. A route that is mounted before the guard has none, which is a bug. */
export function callerOf(response: Response): Caller {
  const caller: Caller | undefined = response.locals.caller;
  if (caller === undefined) throw new Error('This route is mounted before the guard.');
  return caller;
}
