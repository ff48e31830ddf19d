import { ParleyError } from '@parley/contracts';

export function unavailable(why: string): ParleyError {
  return new ParleyError('KUBERNETES_UNAVAILABLE', why);
}
