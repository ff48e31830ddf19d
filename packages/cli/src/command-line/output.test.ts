import { describe, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { parse } from 'yaml';
import { columns } from './columns.ts';
import { exitCodeOf } from './exit-code.ts';
import { faultView, formatOf, rendered, renderedLine } from './output.ts';

const data = { id: 'no', at: '2026-01-02T03:04:05Z', text: 'two\nlines: and # more', none: null, list: [1, 'on'] };
const never = () => {
  throw new Error('nobody reads this');
};

test('JSON and YAML carry the same data, and the table is not made for them', () => {
  expect(JSON.parse(rendered('json', data, never))).toEqual(data);
  expect(parse(rendered('yaml', data, never))).toEqual(data);
  expect(rendered('table', data, () => 'for people')).toBe('for people');
});

test('what comes one by one is a line of JSON each, or a document of YAML each', () => {
  expect(renderedLine('json', data).split('\n')).toHaveLength(1);
  expect(renderedLine('yaml', { a: 1 })).toBe('---\na: 1');
});

test.each([
  [['slo'], 'table'],
  [['slo', '-o', 'json'], 'json'],
  [['slo', '-oyaml'], 'yaml'],
  [['--output=json', 'nonsense'], 'json'],
  [['slo', '--output', 'yaml'], 'yaml'],
  [['slo', '-o', 'xml'], 'table'],
  [['slo', '-o'], 'table'],
])('%j asks for %s', (argv, format) => {
  expect(formatOf(argv)).toBe(format);
});

describe('a fault', () => {
  const refused = new ParleyError('ALREADY_CLOSED', 'It is closed.', {
    cause: { status: 409, title: 'Conflict', traceId: 'abc', errors: [] },
  });

  test('has the form of problem details, with the code', () => {
    expect(faultView(refused)).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'It is closed.',
      code: 'ALREADY_CLOSED',
      retryable: false,
      traceId: 'abc',
    });
    const local = new ParleyError('GATEWAY_UNREACHABLE', 'Nothing answers.', { retryable: true });
    expect(faultView(local)).toMatchObject({
      title: 'Gateway unreachable',
      code: 'GATEWAY_UNREACHABLE',
      retryable: true,
    });
    expect(faultView(new TypeError('oops'))).toMatchObject({ code: 'INTERNAL', detail: 'oops' });
  });

  test.each([
    [1, new TypeError('oops')],
    [1, new ParleyError('SCHEMA_BEHIND', 'x')],
    [2, new ParleyError('CONFIG_INVALID', 'x')],
    [2, new ParleyError('BAD_REQUEST', 'x', { cause: { status: 400 } })],
    [3, new ParleyError('GATEWAY_UNREACHABLE', 'x')],
    [3, new ParleyError('RATE_LIMITED', 'x', { retryable: true, cause: { status: 429 } })],
    [3, new ParleyError('DATABASE_UNAVAILABLE', 'x', { retryable: true })],
    [4, refused],
    [4, new ParleyError('NOT_FOUND', 'x')],
    [4, new ParleyError('TOKEN_QUOTA', 'x', { cause: { status: 429 } })],
  ])('ends with %d: %s', (code, thrown) => {
    expect(exitCodeOf(thrown)).toBe(code);
  });
});

test('columns are as wide as their widest cell; a cell is one line that a terminal does not obey', () => {
  const rows = [['id', 'topic'], ['1', 'a\nb'], ['12345', '\u001b[2Jc'], ['2']];
  expect(columns(rows)).toBe('id     topic\n1      a b\n12345  [2Jc\n2');
  expect(columns([])).toBe('');
});
