import { isParleyError, messageOf } from '@parley/contracts/error.ts';
import { stringify } from 'yaml';
import { statusOf } from './exit-code.ts';
import { harmless } from './terminal.ts';

export const formats = ['table', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

/** A document; `table` is asked for only where people read. */
export function rendered(format: Format, data: unknown, table: () => string): string {
  switch (format) {
    case 'json':
      return JSON.stringify(data, null, 2);
    case 'yaml':
      return stringify(data, { lineWidth: 0 }).trimEnd();
    case 'table':
      return table();
  }
}

/** One of many that come one by one: a line of JSON each, or a document of YAML each. */
export function renderedLine(format: 'json' | 'yaml', data: unknown): string {
  return format === 'json' ? JSON.stringify(data) : `---\n${rendered('yaml', data, String)}`;
}

/** The format that a command line asks for, also one that the parser refuses. */
export function formatOf(argv: readonly string[]): Format {
  const at = argv.findLastIndex((word) => /^(-o|--output)/.test(word));
  const word = argv[at] ?? '';
  const asked = /^(-o|--output)$/.test(word) ? argv[at + 1] : word.replace(/^(-o|--output=)/, '');
  return formats.find((format) => format === asked) ?? 'table';
}

/** What went wrong, in the form of RFC 9457 with the code that programs match on. */
export function faultView(thrown: unknown): object {
  const detail = harmless(messageOf(thrown));
  if (!isParleyError(thrown)) return { type: 'about:blank', title: 'Internal error', detail, code: 'INTERNAL' };
  const status = statusOf(thrown.cause);
  const { title, traceId, errors } = (thrown.cause ?? {}) as Record<string, unknown>;
  return {
    type: 'about:blank',
    title: typeof title === 'string' ? title : sentenceOf(thrown.code),
    ...(status === undefined ? {} : { status }),
    detail,
    code: thrown.code,
    retryable: thrown.retryable,
    ...(typeof traceId === 'string' && traceId !== '' ? { traceId } : {}),
    ...(Array.isArray(errors) && errors.length > 0 ? { errors } : {}),
  };
}

/** GATEWAY_UNREACHABLE as "Gateway unreachable". */
function sentenceOf(code: string): string {
  return code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ');
}
