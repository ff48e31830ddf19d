import type {
  Checks,
  DebaterProfile,
  DebateStartedV1,
  EvidenceBody,
  Side,
  StartDebateBody,
} from '@parley/contracts/debate';

/** A piece of evidence as a form has it: a text, or an address that the gateway fetches. */
export interface DraftEvidence {
  readonly title: string;
  readonly text: string;
}

export interface DraftSide {
  readonly model: string;
  readonly persona: string;
  readonly evidence: readonly DraftEvidence[];
}

/** A debate as its form has it: everything is text, and an empty one leaves the choice to the service. */
export interface Draft {
  readonly topic: string;
  readonly pro: DraftSide;
  readonly con: DraftSide;
  readonly maxRounds: string;
  readonly minRounds: string;
  readonly deadlineSeconds: string;
  readonly tokenBudget: string;
  readonly stopWhenRedundant: boolean;
  readonly judgeModel: string;
  readonly panel: '' | '1' | '3';
  readonly judgeEarly: boolean;
  readonly checks: Checks;
}

const emptySide: DraftSide = { model: '', persona: '', evidence: [] };
export const emptyDraft: Draft = {
  topic: '',
  pro: emptySide,
  con: emptySide,
  maxRounds: '',
  minRounds: '',
  deadlineSeconds: '',
  tokenBudget: '',
  stopWhenRedundant: true,
  judgeModel: '',
  panel: '',
  judgeEarly: false,
  checks: {},
};

const isAddress = (text: string): boolean => /^https?:\/\/\S+$/.test(text.trim());

/** The request; the gateway says what is wrong with it. */
export function bodyOf(draft: Draft): StartDebateBody {
  const pro = sideOf(draft.pro);
  const con = sideOf(draft.con);
  const judge = { ...text('model', draft.judgeModel), ...number('panel', draft.panel) };
  const sides = { ...(isEmpty(pro) ? {} : { pro }), ...(isEmpty(con) ? {} : { con }) };
  const body: Record<string, unknown> = {
    topic: draft.topic,
    ...number('maxRounds', draft.maxRounds),
    ...number('minRounds', draft.minRounds),
    ...(isEmpty(sides) ? {} : { sides }),
    ...number('deadlineSeconds', draft.deadlineSeconds),
    ...number('tokenBudget', draft.tokenBudget),
    ...(draft.stopWhenRedundant ? {} : { stopWhenRedundant: false }),
    ...(isEmpty(draft.checks) ? {} : { checks: draft.checks }),
    ...(isEmpty(judge) ? {} : { judge }),
    ...(draft.judgeEarly ? { judgeEarly: true } : {}),
  };
  return body as StartDebateBody;
}

/** The form that starts the same debate again. */
export function draftOf(setup: DebateStartedV1, startedAt: string): Draft {
  const side = (of: Side): DraftSide => {
    const { model = '', persona = '', evidence = [] }: DebaterProfile = setup.sides[of];
    return { model, persona, evidence: evidence.map(({ title = '', text }) => ({ title, text })) };
  };
  const seconds = Math.round((setup.deadlineAt - Date.parse(startedAt)) / 1000);
  return {
    topic: setup.topic,
    pro: side('pro'),
    con: side('con'),
    maxRounds: String(setup.maxRounds),
    minRounds: String(setup.minRounds),
    deadlineSeconds: seconds > 0 ? String(seconds) : '',
    tokenBudget: setup.tokenBudget === undefined ? '' : String(setup.tokenBudget),
    stopWhenRedundant: setup.stopWhenRedundant,
    judgeModel: setup.judge?.model ?? '',
    panel: setup.judge?.panel === undefined ? '' : `${setup.judge.panel}`,
    judgeEarly: setup.judgeEarly ?? false,
    checks: setup.checks ?? {},
  };
}

function sideOf({ model, persona, evidence }: DraftSide) {
  const pieces = evidence.map(({ title, text: given }): EvidenceBody => {
    const named = text('title', title) as { title?: string };
    return isAddress(given) ? { ...named, url: given.trim() } : { ...named, text: given };
  });
  return { ...text('model', model), ...text('persona', persona), ...(pieces.length === 0 ? {} : { evidence: pieces }) };
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;
const text = (key: string, value: string) => (value.trim() === '' ? {} : { [key]: value.trim() });
const number = (key: string, value: string) => (value.trim() === '' ? {} : { [key]: Number(value) });
