/** A model of a running Ollama that can do nothing but call the tools of a request, so that its server's part is seen. */
export interface ToolModel {
  readonly name: string;
  /** Lets it write two calls and nothing else. */
  readonly schema: Readonly<Record<string, unknown>>;
  remove(): Promise<void>;
}

/** Ollama reads from a template which form calls have; here it is a list of objects. */
const template = `{{- range .Messages }}<|im_start|>{{ .Role }}
{{ if .ToolCalls }}[{{ range .ToolCalls }}{"name": "{{ .Function.Name }}", "parameters": {{ .Function.Arguments }}}{{ end }}]{{ else }}{{ .Content }}{{ end }}<|im_end|>
{{ end }}{{ if .Tools }}Tools: {{ .Tools }}{{ end }}<|im_start|>assistant
`;

/** Makes the model out of another, which costs no more than its template. */
export async function makeToolModel(baseUrl: string, from: string): Promise<ToolModel> {
  const name = `parley-tools-${process.pid}`;
  const ask = async (path: string, method: string, body: object) => {
    const response = await fetch(`${baseUrl}${path}`, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  await ask('/api/create', 'POST', { model: name, from, template, stream: false });
  return { name, schema, remove: () => ask('/api/delete', 'DELETE', { model: name }) };
}

const callOf = (tool: string, argument: string, value: string) => ({
  type: 'object',
  properties: {
    name: { const: tool },
    parameters: { type: 'object', properties: { [argument]: { const: value } }, required: [argument] },
  },
  required: ['name', 'parameters'],
});
const schema = {
  type: 'array',
  prefixItems: [callOf('calculator', 'expression', '10 * 99'), callOf('weather', 'city', 'Zürich')],
  minItems: 2,
  maxItems: 2,
};
