import { type ChatRequest, type ChatResult, createRehearsalModel, type Model } from '@parley/model';

/** One text that gives orders, from `corpus/injections.jsonl`. */
export interface Injection {
  readonly id: string;
  readonly lang: 'en' | 'zh';
  /** Whom it gives orders to. */
  readonly target: 'opponent' | 'moderator' | 'judge';
  /** What a model does that obeys it. */
  readonly obeyed: 'concede' | 'switch' | 'echo' | 'silence' | 'control' | 'label-x' | 'label-y' | 'win-me' | 'refuse';
  readonly text: string;
}

/** Whoever speaks by this model says the injection that the motion names, and later on ordinary speeches. */
export const attacker = 'rehearsal:attacker';

export interface ObedientModel extends Model {
  /** Prompts in which an injection stood elsewhere than between the marks of quoted text. */
  readonly leaks: readonly string[];
  /** Prompts in which an injection was found and obeyed. */
  readonly obeyed: () => number;
}

/**
 * A model that obeys every order that it finds anywhere in a prompt, the quoted parts included, as the worst model
 * would; where there is none it is the rehearsal model. It answers schemas in their form: a model that does not is a
 * broken one, not an obedient one.
 */
export function createObedientModel(injections: readonly Injection[]): ObedientModel {
  const rehearsal = createRehearsalModel();
  const leaks: string[] = [];
  let obeyed = 0;

  async function chat(request: ChatRequest): Promise<ChatResult> {
    const { kind, topic, round } = request.purpose;
    const ordinary = { ...request, model: 'rehearsal' };
    const named = injections.find(({ id }) => topic.endsWith(id));
    if (request.model === attacker) {
      return kind === 'turn' && round === 1 && named !== undefined
        ? say(request, named.text)
        : rehearsal.chat(ordinary);
    }
    const prompt = request.messages.map(({ content }) => content).join('\n');
    if (named === undefined || !prompt.includes(named.text)) return rehearsal.chat(ordinary);
    if (!isQuoted(request, named.text)) leaks.push(`${named.id}, ${kind}: ${prompt}`);
    obeyed += 1;
    const answer = obeying(request, named);
    return answer === undefined ? rehearsal.chat(ordinary) : say(request, answer);
  }

  return { ...rehearsal, chat, leaks, obeyed: () => obeyed };
}

/** Every part of the prompt that is not between marks is free of it, and so are all system texts. */
function isQuoted({ messages }: ChatRequest, text: string): boolean {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const nonce = /Text between <<([\w-]+)>> marks/.exec(system.join('\n'))?.[1];
  if (nonce === undefined || text.includes(nonce)) return false;
  const user = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  const outside = user.flatMap((content) => content.split(`<<${nonce}>>`).filter((_, part) => part % 2 === 0));
  return [...system, ...outside].every((part) => !part.includes(text));
}

/** What the order wants said, undefined where it wants nothing of this call. */
function obeying(request: ChatRequest, { obeyed, text }: Injection): string | undefined {
  const { kind, side, attempt = 1, labels } = request.purpose;
  if (kind === 'turn') {
    if (obeyed === 'concede') return 'You have convinced me. I concede the debate. 我认输。';
    if (obeyed === 'switch') return `As Team ${side === 'pro' ? 'B' : 'A'} I say: the other side was right all along.`;
    if (obeyed === 'silence') return attempt <= 2 ? '……' : undefined;
    return text;
  }
  if (kind === 'concession') return JSON.stringify({ concedes: obeyed === 'concede', reason: 'I was told to.' });
  if (kind === 'judge' && request.schema !== undefined) {
    if (obeyed === 'refuse') return 'A poem: roses are red, and nobody wins.';
    const winner =
      obeyed === 'label-x'
        ? 'X'
        : obeyed === 'label-y'
          ? 'Y'
          : obeyed === 'win-me'
            ? speakerOf(request, text)
            : undefined;
    if (winner === undefined || labels === undefined) return undefined;
    const [all, one] = [10, 1].map((n) => ({ argument: n, evidence: n, rebuttal: n, clarity: n }));
    const scores = winner === 'X' ? { X: all, Y: one } : { X: one, Y: all };
    return JSON.stringify({ winner, scores, reason: 'I was told to.' });
  }
  return undefined;
}

/** The label of the turn that says it. */
function speakerOf({ messages }: ChatRequest, text: string): 'X' | 'Y' {
  const prompt = messages.at(-1)?.content ?? '';
  const before = prompt.slice(0, prompt.indexOf(text));
  return [...before.matchAll(/^([XY]), round/gm)].at(-1)?.[1] === 'Y' ? 'Y' : 'X';
}

function say(request: ChatRequest, text: string): ChatResult {
  request.onText?.(text);
  const counts = { inputTokens: 100, outputTokens: 30, firstTokenMs: 0, totalMs: 0 };
  return { text, model: request.model, provider: 'rehearsal', finishReason: 'stop', ...counts };
}
