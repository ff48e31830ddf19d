import { ParleyError } from '@parley/contracts';

export function unavailable(why: string): ParleyError {
  return new ParleyError('MODEL_UNREACHABLE', why);
}
