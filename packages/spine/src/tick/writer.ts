import { type Part, parts, type Writing } from './write-parts.ts';

const all: readonly (readonly [string, Part])[] = Object.entries(parts);
/** Every row of these must be found as it is known. */
const checked: readonly Part[] = [parts.continued, parts.answered];

/** The statement that writes a whole batch, and its parameters. */
export interface Written {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Statements that write what has rows, each text made once. They answer the transaction's id, and after it the effects
 * that are leased to this process and were not asked for before, and the outbox rows in their order. `schema` is quoted.
 */
export function createWriter(schema: string): (writing: Writing) => Written {
  const texts = new Map<string, string>();
  return (writing) => {
    const used = all.filter(([, part]) => part.rows(writing) > 0);
    const names = used.map(([name]) => name).join();
    const text = texts.get(names) ?? textOf(schema, used);
    texts.set(names, text);
    return { text, values: used.flatMap(([, { columns }]) => columns.map((column) => column(writing))) };
  };
}

function textOf(schema: string, used: typeof all): string {
  let before = 0;
  const checks: string[] = [];
  const named = used.map(([name, part]) => {
    const from = before;
    before += part.columns.length;
    if (checked.includes(part)) checks.push(`(select count(*) from ${name}) = cardinality($${from + 1}::text[])`);
    return `${name} as (${part.sql(schema, (n) => from + n)})`;
  });
  const isKnown = checks.length === 0 ? 'true' : `${schema}.as_known(${checks.join(' and ')})`;
  const has = (part: Part) => used.some(([, one]) => one === part);
  const answers = [
    `select pg_current_xact_id()::xid::text as stamp, null as stream_id, null as key, null::bigint as pos where ${isKnown}`,
    ...(has(parts.effects) ? [`select null, stream_id, key, null from effects where state = 'running'`] : []),
    ...(has(parts.sent) ? ['select null, null, null, pos from sent'] : []),
  ];
  return `with ${named.join(',\n')} ${answers.join(' union all ')}`;
}
