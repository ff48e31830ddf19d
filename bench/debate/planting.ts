import type { Side } from '@parley/contracts/debate';
import type { ChatRequest, ChatResult, Model } from '@parley/model';
import type { Plan, Planting } from './plan.ts';

/** What is to be planted in the debate on one motion. */
export interface Planted {
  readonly plan: Plan;
  readonly texts: Readonly<Record<Exclude<Planting, 'verbatim'>, string>>;
}

export interface Planter {
  /** The same model, but for the turns that are planted. */
  wrap(model: Model): Model;
  /** What really was planted; a plan cannot be followed where there is no turn before. */
  plantedAt(motion: string, side: Side, round: number): Planting | undefined;
}

/** Says planted turns in the models' place, so that what repeats is known whatever the models say. */
export function createPlanter(byMotion: ReadonlyMap<string, Planted>): Planter {
  const said = new Map<string, string>();
  const planted = new Map<string, Planting>();
  const place = (motion: string, side: Side, round: number): string => `${side}/${round}/${motion}`;

  function plantFor(motion: string, side: Side, round: number): { kind: Planting; text: string } | undefined {
    const of = byMotion.get(motion);
    const kind = of?.plan.at(side, round);
    if (of === undefined || kind === undefined) return undefined;
    const text = kind === 'verbatim' ? said.get(place(motion, side, round - 1)) : of.texts[kind];
    return text === undefined ? undefined : { kind, text };
  }

  return {
    plantedAt: (motion, side, round) => planted.get(place(motion, side, round)),
    wrap: (model) => ({
      ...model,
      async chat(request) {
        const { kind, topic, side, round } = request.purpose;
        if (kind !== 'turn' || side === undefined || round === undefined) return model.chat(request);
        const plant = plantFor(topic, side, round);
        const result = plant === undefined ? await model.chat(request) : say(model, request, plant.text);
        const at = place(topic, side, round);
        said.set(at, result.text);
        if (plant === undefined) planted.delete(at);
        else planted.set(at, plant.kind);
        return result;
      },
    }),
  };
}

const charactersPerToken = 4;

/** As if the model had said it; its tokens are estimated. */
function say(model: Model, request: ChatRequest, text: string): ChatResult {
  request.onText?.(text);
  const characters = request.messages.reduce((sum, { content }) => sum + content.length, 0);
  return {
    text,
    model: request.model,
    provider: model.provider,
    finishReason: 'stop',
    inputTokens: Math.ceil(characters / charactersPerToken),
    outputTokens: Math.ceil(text.length / charactersPerToken),
    firstTokenMs: 0,
    totalMs: 0,
  };
}
