import type { Checks, DebateSummary } from '@parley/contracts/debate';
import type { UsageView } from '@parley/contracts/http';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, newKey, post } from '../api.ts';
import { bodyOf, type Draft, draftOf, emptyDraft } from '../draft.ts';
import { Curl } from '../parts/curl.tsx';
import { Check, type Faults, FaultsContext, Field, LongField, TextField } from '../parts/field.tsx';
import { Fault } from '../parts/notice.tsx';
import { SideFields } from '../parts/side-fields.tsx';
import { paths } from '../route.ts';
import { useDebateLog } from '../use-debate-log.ts';
import { useResource } from '../use-resource.ts';

const checks: readonly (readonly [keyof Checks, string])[] = [
  ['embedding', 'Compare meanings by embeddings'],
  ['claims', 'Count the claims that are new'],
  ['opinion', 'Ask a model whether a turn is new'],
  ['topic', 'Ask a model whether a turn is on topic'],
];

export function NewDebatePage({ like }: { like: string | undefined }) {
  return like === undefined ? <Form initial={emptyDraft} /> : <Again id={like} />;
}

/** The form of a debate that was, filled in. */
function Again({ id }: { id: string }) {
  const { log, error } = useDebateLog(id);
  if (log.setup !== undefined) return <Form initial={draftOf(log.setup, log.startedAt ?? '')} />;
  return <Fault error={error} />;
}

function Form({ initial }: { initial: Draft }) {
  const [draft, setDraft] = useState(initial);
  const [error, setError] = useState<ApiError>();
  const [isSending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const key = useRef(newKey());
  const set = (some: Partial<Draft>) => {
    // Another request: under the old key it would be refused, or be answered as the old one was.
    key.current = newKey();
    setDraft({ ...draft, ...some });
  };
  const body = bodyOf(draft);
  const errors = error?.problem.errors ?? [];
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);

  const submit = async () => {
    setSending(true);
    try {
      const { id } = await post<DebateSummary>('/v1/debates', body, key.current);
      location.hash = paths.debate(id);
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown : new ApiError(0, { detail: String(thrown) }));
      setSending(false);
    }
  };

  return (
    <FaultsContext.Provider value={{ errors } satisfies Faults}>
      <form
        ref={form}
        class="new-debate"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>What shall they debate?</h1>
        <Fault error={error} />
        <LongField
          name="topic"
          label="Topic"
          hint="A motion or a question, in any language."
          rows={2}
          value={draft.topic}
          onValue={(topic) => set({ topic })}
        />
        <Models />
        <div class="sides">
          <SideFields side="pro" value={draft.pro} models="models" onValue={(pro) => set({ pro })} />
          <SideFields side="con" value={draft.con} models="models" onValue={(con) => set({ con })} />
        </div>
        <fieldset class="row">
          <legend>How long</legend>
          <TextField
            name="maxRounds"
            label="Rounds, at most"
            hint="1 to 32; 8 if empty."
            kind="number"
            value={draft.maxRounds}
            onValue={(maxRounds) => set({ maxRounds })}
          />
          <TextField
            name="minRounds"
            label="Rounds, at least"
            hint="2 if empty."
            kind="number"
            value={draft.minRounds}
            onValue={(minRounds) => set({ minRounds })}
          />
          <TextField
            name="deadlineSeconds"
            label="Deadline, in seconds"
            hint="3,600 if empty."
            kind="number"
            value={draft.deadlineSeconds}
            onValue={(deadlineSeconds) => set({ deadlineSeconds })}
          />
          <TextField
            name="tokenBudget"
            label="Tokens, at most"
            hint="Any number if empty."
            kind="number"
            value={draft.tokenBudget}
            onValue={(tokenBudget) => set({ tokenBudget })}
          />
          <Check
            label="Stop when nobody says anything new"
            isOn={draft.stopWhenRedundant}
            onChange={(stopWhenRedundant) => set({ stopWhenRedundant })}
          />
        </fieldset>
        <details>
          <summary>Judge and checks</summary>
          <fieldset class="row">
            <legend>Judge</legend>
            <TextField
              name="judge.model"
              label="Model of the judge"
              hint="Empty: the service decides."
              list="models"
              value={draft.judgeModel}
              onValue={(judgeModel) => set({ judgeModel })}
            />
            <Field name="judge.panel" label="Judges" hint="None knows the votes of the others.">
              {(attributes) => (
                <select
                  {...attributes}
                  value={draft.panel}
                  onChange={(event) => set({ panel: event.currentTarget.value as Draft['panel'] })}
                >
                  <option value="">as the service has it</option>
                  <option value="1">one</option>
                  <option value="3">a panel of three</option>
                </select>
              )}
            </Field>
            <Check
              label="Stop early when a side is clearly ahead"
              isOn={draft.judgeEarly}
              onChange={(judgeEarly) => set({ judgeEarly })}
            />
          </fieldset>
          <fieldset class="row">
            <legend>Looking at turns; each costs model calls</legend>
            {checks.map(([name, label]) => (
              <Check
                key={name}
                label={label}
                isOn={draft.checks[name] === true}
                onChange={(isOn) => {
                  const { [name]: _was, ...others } = draft.checks;
                  set({ checks: isOn ? { ...others, [name]: true } : others });
                }}
              />
            ))}
          </fieldset>
        </details>
        <div class="actions">
          <button type="submit" disabled={isSending}>
            {isSending ? 'Starting …' : 'Start the debate'}
          </button>
          <Curl path="/v1/debates" body={body} what="Start it" />
        </div>
      </form>
    </FaultsContext.Provider>
  );
}

/** Names that answered before, to choose from. */
function Models() {
  const { data } = useResource<UsageView>('/v1/usage?groupBy=model');
  return (
    <datalist id="models">
      {(data?.groups ?? []).map(({ key }) => (
        <option key={key} value={key} />
      ))}
    </datalist>
  );
}
