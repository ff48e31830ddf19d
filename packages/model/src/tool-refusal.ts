import { ParleyError } from '@parley/contracts';
import { HttpStatus } from './wire-error.ts';

/** Statuses of a refusal that may be about tools. llama.cpp answers 500 when it was started without --jinja. */
const refusals = new Set([400, 422, 500, 501]);

/**
 * Words by which servers say that a model takes no tools: Ollama, OpenAI and most others; vLLM without a parser of calls;
 * llama.cpp without --jinja; servers that do not know the field. A fault of one tool, such as a schema with a keyword
 * that is not supported, is none of them.
 */
const withoutTools = [
  /(?:not|n't) support (?:parameters: \[?)?(?:the )?['"`]?(?:tools?\b|function call)/i,
  /\b(?:tools?(?: (?:use|choice|calls?|calling))?|function call(?:s|ing))['"`]* (?:(?:is|are) )?(?:not |un)(?:supported|available|enabled)/i,
  /enable-auto-tool-choice|tool-call-parser/i,
  /tools param requires/i,
  /(?:unrecognized|unknown|unexpected|unsupported|extra)[^.]{0,40}\btools\b(?!['"]?\s*(?:\[|,\s*\d|\.\d|\.function))/i,
];
/** OpenRouter's words with 404, where that means no provider of the model takes them. */
const nowhere = /no endpoints found that support tool use/i;

/** Words by which a server says that it could not read the call that its own model made: llama.cpp, Ollama. */
const unreadCall = /failed to parse (?:input|tool)|error parsing tool call/i;

/**
 * What an error means for a request that offered tools: MODEL_WITHOUT_TOOLS, or MODEL_GARBAGE where the server could not
 * read its model's call. Undefined when the error is about something else.
 */
export function toolErrorOf(error: ParleyError, model: string): ParleyError | undefined {
  if (error.code === 'MODEL_BROKE_OFF' && unreadCall.test(error.message)) return garbled(error, model);
  if (!(error.cause instanceof HttpStatus)) return undefined;
  const { status, head } = error.cause;
  const isLack = refusals.has(status)
    ? withoutTools.some((words) => words.test(head))
    : status === 404 && nowhere.test(head);
  return isLack ? lacksTools(model, error) : undefined;
}

/** MODEL_WITHOUT_TOOLS: the same request is refused again, one without tools is not. */
export function lacksTools(model: string, error?: ParleyError): ParleyError {
  const said = error?.message ?? 'Its server has said so before.';
  const message = `Model "${model}" takes no tools. ${said} Ask for the call as JSON, or use another model.`;
  return new ParleyError('MODEL_WITHOUT_TOOLS', message, error === undefined ? {} : { cause: error.cause });
}

function garbled(error: ParleyError, model: string): ParleyError {
  const message = `The server of model "${model}" could not read the tool call that the model made: ${error.message}`;
  return new ParleyError('MODEL_GARBAGE', message, { cause: error.cause });
}
