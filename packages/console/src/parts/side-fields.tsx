import type { Side } from '@parley/contracts/debate';
import type { DraftEvidence, DraftSide } from '../draft.ts';
import { stances, teams } from '../words.ts';
import { LongField, TextField } from './field.tsx';

interface SideFieldsProps {
  readonly side: Side;
  readonly value: DraftSide;
  readonly models: string;
  onValue(value: DraftSide): void;
}

const mostPieces = 5;

export function SideFields({ side, value, models, onValue }: SideFieldsProps) {
  const at = `sides.${side}`;
  const setEvidence = (evidence: readonly DraftEvidence[]) => onValue({ ...value, evidence });
  const change = (i: number, piece: Partial<DraftEvidence>) =>
    setEvidence(value.evidence.map((one, at) => (at === i ? { ...one, ...piece } : one)));
  return (
    <fieldset class={`side side-${side}`}>
      <legend>
        {teams[side]}, {stances[side]}
      </legend>
      <TextField
        name={`${at}.persona`}
        label="Persona"
        hint="Who speaks, in a sentence."
        value={value.persona}
        onValue={(persona) => onValue({ ...value, persona })}
      />
      <TextField
        name={`${at}.model`}
        label="Model"
        hint="Empty: the service decides."
        list={models}
        value={value.model}
        onValue={(model) => onValue({ ...value, model })}
      />
      {value.evidence.map((piece, i) => (
        <div class="evidence" key={i}>
          <TextField
            name={`${at}.evidence.${i}.title`}
            label={`Evidence E${i + 1}: title`}
            value={piece.title}
            onValue={(title) => change(i, { title })}
          />
          <LongField
            name={`${at}.evidence.${i}`}
            label={`Evidence E${i + 1}: text or address`}
            hint="Up to 4,000 characters, or an https address that the gateway may fetch."
            rows={4}
            value={piece.text}
            onValue={(text) => change(i, { text })}
          />
          <button type="button" class="quiet" onClick={() => setEvidence(value.evidence.filter((_, at) => at !== i))}>
            Remove E{i + 1}
          </button>
        </div>
      ))}
      {value.evidence.length < mostPieces ? (
        <button type="button" class="quiet" onClick={() => setEvidence([...value.evidence, { title: '', text: '' }])}>
          Add evidence
        </button>
      ) : null}
    </fieldset>
  );
}
