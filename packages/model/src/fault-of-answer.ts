import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Most faults that are told to a model at once. */
const mostTold = 8;

/** What is wrong with a value, in sentences that a model can act on. Never the validator's own words where they are known. */
export function faultsOf(issues: readonly Issue[], value: unknown): string {
  return issues
    .slice(0, mostTold)
    .map((issue) => `${issue.path.join('.') || 'the answer'} ${faultOf(issue, value)}`)
    .join(', ');
}

function faultOf(issue: Issue, value: unknown): string {
  const given = issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | null)?.[key], value);
  if (given === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_value':
      return `must be one of ${issue.values.map((one) => JSON.stringify(one)).join(', ')}, not ${shown(given)}`;
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}, not ${shown(given)}`;
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `must be shorter than it is: at most ${issue.maximum}`
        : `must be at most ${issue.maximum}, not ${shown(given)}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'must not be empty'
        : `must be at least ${issue.minimum}, not ${shown(given)}`;
    default:
      return `cannot be used: ${issue.message}`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function shown(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
