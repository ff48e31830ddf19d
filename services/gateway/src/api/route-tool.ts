import type { StreamKind } from '@parley/contracts';

/** A route as a tool: what models and programs call by name, with the route's own fields. */
export interface RouteTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Field that the body goes into; without it the body's fields stand beside those of the path and the query. */
  readonly bodyIn?: string;
  /** Set where a call may wait for the end of a stream. */
  readonly stream?: ToolStream;
}

/** The stream that a tool waits for; its id is the `id` of the route's answer. */
export interface ToolStream {
  readonly kind: StreamKind;
  /** Description of the field `wait`; without it every call waits. */
  readonly wait?: string;
  /** Id of the route whose answer is the tool's at the end. */
  readonly view: string;
  /** Path parameters of that route, from the answer of this one; `{ id }` without it. */
  viewParams?(answer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}
