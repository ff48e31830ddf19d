import type { ChatRequest } from '../model.ts';
import { fill } from './filled-schema.ts';
import { rehearsedText } from './text.ts';

/** Gives up in its second round, and says so when it is asked; until then, and as a judge, like any other rehearsal. */
export function concedingText(request: ChatRequest): string {
  const { kind, topic, round = 1 } = request.purpose;
  const isChinese = /\p{Script=Han}/u.test(topic);
  if (kind === 'concession' && request.schema !== undefined) {
    const text = isChinese ? '对方的理由更充分。' : 'The other side has the better reasons.';
    return JSON.stringify(fill(request.schema, { concedes: true, text }));
  }
  if (kind !== 'turn' || round < 2) return rehearsedText(request);
  return isChinese
    ? '我认真听了对方的每一个理由，找不到还能反驳的地方。你说服了我，我认输。'
    : 'I have listened to every reason of the other side and find none that I can still answer. You have convinced me. I concede the debate.';
}
