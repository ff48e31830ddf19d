import { z } from 'zod';
import type { AnsweringRoute, Asked } from '../../api/route.ts';
import type { RouteTool } from '../../api/route-tool.ts';

/** A route that is a tool. */
export type ToolRoute = AnsweringRoute & { readonly tool: RouteTool };

/** Values by the names of their fields. */
export type Fields = Readonly<Record<string, unknown>>;
/** What a tool asks its route. */
export type AskedByTool = Asked<Fields, Fields>;

/** A route's path parameters, query and body in one strict object. What one of them refines goes on to be refined. */
export function inputOf({ params, query, body, tool }: ToolRoute): z.ZodObject {
  const { bodyIn, stream } = tool;
  const beside = [bodyIn === undefined ? body?.schema : undefined, query, params].filter((part) => part !== undefined);
  const [first = z.strictObject({}), ...others] = beside.map((part) => objectIn(tool, part));
  const within = body?.isRequired === true ? body.schema : body?.schema.optional();
  const shapes = [
    ...others.map(({ shape }) => shape),
    bodyIn === undefined || within === undefined ? {} : { [bodyIn]: within },
    stream?.wait === undefined ? {} : { wait: z.boolean().optional().describe(stream.wait) },
  ];
  const fields = [first.shape, ...shapes].flatMap((shape) => Object.keys(shape));
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice !== undefined) throw new Error(`The tool ${tool.name} has two fields "${twice}"; give the body a field.`);
  if (others.some(isRefined)) throw new Error(`Two parts of the input of the tool ${tool.name} refine theirs.`);
  return first.safeExtend(Object.assign({}, ...shapes)).strict();
}

function objectIn({ name }: RouteTool, part: z.ZodType): z.ZodObject {
  if (part instanceof z.ZodObject) return part;
  throw new Error(`A part of the input of the tool ${name} is no object; give the body a field.`);
}

const isRefined = ({ _zod }: z.ZodObject): boolean => (_zod.def.checks ?? []).length > 0;

/** What a route is asked by an input of its tool. */
export function askedOf({ params, query, body, tool }: ToolRoute, input: Fields): AskedByTool {
  const fieldsOf = (part: z.ZodType | undefined) =>
    Object.fromEntries(Object.entries(input).filter(([name]) => part instanceof z.ZodObject && name in part.shape));
  return {
    params: fieldsOf(params),
    query: fieldsOf(query),
    body: tool.bodyIn === undefined ? fieldsOf(body?.schema) : (input[tool.bodyIn] ?? {}),
  };
}

/** Schema of the JSON that a route answers where all is well. */
export function outputOf({ id, responses }: AnsweringRoute): z.ZodType {
  const [found] = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const schema = found?.[1].content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`The route ${id} answers no JSON and can be no tool.`);
  return schema;
}
