import type { ComponentChildren } from 'preact';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface Faults {
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

/** What the server found wrong with the form, by the fields of the request. */
export const FaultsContext = createContext<Faults>({ errors: [] });

export function useFaults(name: string): readonly string[] {
  const { errors } = useContext(FaultsContext);
  return errors.filter(({ field }) => field === name || field.startsWith(`${name}.`)).map(({ message }) => message);
}

interface FieldProps {
  /** Path of the field in the request, such as `sides.pro.persona`. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly children: (attributes: Attributes) => ComponentChildren;
}
export interface Attributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}

/** A label, its control, and what the server says about it. */
export function Field({ name, label, hint, children }: FieldProps) {
  const faults = useFaults(name);
  const id = `field-${name.replaceAll('.', '-')}`;
  const attributes = { id, name, 'aria-invalid': faults.length > 0, 'aria-describedby': `${id}-about` };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(attributes)}
      <small id={`${id}-about`}>
        {faults.length > 0 ? <span class="field-fault">{faults.join('. ')}</span> : hint}
      </small>
    </div>
  );
}

interface TextProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly list?: string;
  readonly kind?: 'text' | 'number';
  readonly placeholder?: string;
  onValue(value: string): void;
}

export function TextField({ value, onValue, list, kind = 'text', placeholder, ...field }: TextProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <input
          {...attributes}
          type={kind}
          inputMode={kind === 'number' ? 'numeric' : undefined}
          list={list}
          placeholder={placeholder}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function LongField({ value, onValue, rows, ...field }: TextProps & { readonly rows: number }) {
  return (
    <Field {...field}>
      {(attributes) => (
        <textarea {...attributes} rows={rows} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
      )}
    </Field>
  );
}

export function Check({ label, isOn, onChange }: { label: string; isOn: boolean; onChange(isOn: boolean): void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
