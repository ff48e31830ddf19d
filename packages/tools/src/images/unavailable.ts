import { ParleyError } from '@parley/contracts';

export function unavailable(why: string): ParleyError {
  return new ParleyError('IMAGES_UNAVAILABLE', why);
}
