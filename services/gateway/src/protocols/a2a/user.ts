import type { ServerCallContext, User } from '@a2a-js/sdk/server';
import type { RequestContext } from '../../api/request-context.ts';

/** Who calls, and until when. */
export interface A2aUser extends User {
  readonly requestContext: RequestContext;
  readonly left: AbortSignal;
}

export function userOf(context: ServerCallContext): A2aUser {
  return context.user as A2aUser;
}
