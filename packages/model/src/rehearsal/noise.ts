import type { ChatRequest } from '../model.ts';
import { hash } from './hash.ts';

/** Letters without sense, the same for the same purpose; for a judge or a schema they begin like JSON and are none. */
export function noise(request: ChatRequest): string {
  const { kind, topic, side, round } = request.purpose;
  let seed = hash(`${kind}|${topic}|${side}|${round}`);
  let text = '';
  for (let word = 0; word < 40; word += 1) {
    seed = hash(`${seed}`);
    text += `${seed.toString(36)}${word % 7 === 6 ? ' ]{;' : ''} `;
  }
  return kind === 'judge' || request.schema !== undefined ? `{"winner": "X", "scores": ${text}` : text.trim();
}
