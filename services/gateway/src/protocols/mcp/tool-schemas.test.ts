import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { json } from '../../api/openapi-answers.ts';
import { type AnsweringRoute, route } from '../../api/route.ts';
import { askedOf, inputOf, outputOf, type ToolRoute } from './tool-schemas.ts';

const id = z.strictObject({ id: z.string() });
const limit = z.strictObject({ limit: z.coerce.number().optional() });
const pair = z.object({ from: z.int(), to: z.int() }).refine(({ from, to }) => from <= to, 'from is at most to');
const since = z.object({ since: z.string() }).refine(() => true);
type Parts = Pick<AnsweringRoute, 'params' | 'query' | 'body'>;

function planted(parts: Parts, bodyIn?: string): ToolRoute {
  const tool = { name: 'a_tool', title: 'A tool', description: 'A tool.', ...(bodyIn === undefined ? {} : { bodyIn }) };
  const said = { id: 'aRoute', method: 'post', path: '/', summary: 'A route.', needs: 'write' } as const;
  return route({ ...said, ...(parts as object), responses: {}, tool, handle: () => ({}) }) as ToolRoute;
}
const body = (schema: z.ZodType) => ({ schema, examples: {}, isRequired: true });

test('an input has the fields of all parts, refuses others, and is taken apart again', () => {
  const tool = planted({ params: id, query: limit, body: body(pair) });
  const input = inputOf(tool);
  const asked = { id: 'a', limit: 3, from: 1, to: 2 };
  expect(input.parse(asked)).toEqual(asked);
  expect(askedOf(tool, asked)).toEqual({ params: { id: 'a' }, query: { limit: 3 }, body: { from: 1, to: 2 } });
  expect(input.safeParse({ ...asked, colour: 'green' }).error?.issues).toMatchObject([{ keys: ['colour'] }]);
  expect(input.safeParse({ ...asked, from: 3 }).error?.issues).toMatchObject([{ message: 'from is at most to' }]);
});

test('a body in a field of its own may be left out where the route needs none', () => {
  const tool = planted({ params: id, body: { schema: pair, examples: {} } }, 'pair');
  expect(inputOf(tool).parse({ id: 'a' })).toEqual({ id: 'a' });
  expect(askedOf(tool, { id: 'a' })).toEqual({ params: { id: 'a' }, query: {}, body: {} });
  expect(inputOf(tool).safeParse({ id: 'a', pair: { from: 2, to: 1 } }).success).toBe(false);
  const needed = planted({ params: id, body: body(pair) }, 'pair');
  expect(inputOf(needed).safeParse({ id: 'a' }).success).toBe(false);
});

test.each<[string, Parts, RegExp]>([
  ['with two fields of one name', { params: id, body: body(id) }, /two fields "id"/],
  ['whose body is no object', { body: body(z.union([id, limit])) }, /no object/],
  ['of which two parts refine', { query: since, body: body(pair) }, /Two parts/],
])('a tool %s is refused when it is made', (_, parts, fault) => {
  expect(() => inputOf(planted(parts))).toThrow(fault);
});

test('a route that answers no JSON can be no tool', () => {
  expect(() => outputOf(planted({}))).toThrow('The route aRoute answers no JSON');
  const answers = { 404: json(id, 'None.'), 202: json(limit, 'Well.') };
  expect(outputOf({ ...planted({}), responses: answers })).toBe(limit);
});
