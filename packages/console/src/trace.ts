/** Address of traces, with `{traceId}` in it; empty when none is set. The gateway writes it into the page. */
const template = document.querySelector<HTMLMetaElement>('meta[name="parley-trace-url"]')?.content ?? '';

/** Undefined without a trace, or without a place to see it at. */
export function traceAddress(traceId: string | undefined): string | undefined {
  if (traceId === undefined || !/^https?:/.test(template)) return undefined;
  return template.replaceAll('{traceId}', encodeURIComponent(traceId));
}
