import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SpanKind } from '@opentelemetry/api';
import type { SpanView } from '../src/trace-tree.ts';

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
}
interface OtlpSpan extends Omit<SpanView, 'kind' | 'links' | 'attributes'> {
  readonly kind: number;
  readonly attributes: { readonly key: string; readonly value: OtlpValue }[];
  readonly links?: { readonly spanId: string }[];
}
interface OtlpRequest {
  readonly resourceSpans: { readonly scopeSpans: { readonly scope: { name: string }; readonly spans: OtlpSpan[] }[] }[];
}

/** Takes what OTLP's http/json sends. Source: opentelemetry-proto 1.9, ExportTraceServiceRequest. */
export async function receiveOtlp() {
  const spans: SpanView[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      for (const { scopeSpans } of (JSON.parse(body) as OtlpRequest).resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => viewOf(span, scope.scope.name)));
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: (): readonly SpanView[] => spans,
    close: () => server.close(),
  };
}

function viewOf({ kind, parentSpanId, attributes, links = [], ...span }: OtlpSpan, scope: string): SpanView {
  return {
    ...span,
    parentSpanId: parentSpanId || undefined,
    // OTLP counts kinds from 1, the API from 0.
    kind: (kind - 1) as SpanKind,
    attributes: Object.fromEntries([
      ...attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
      ['scope', scope],
    ]),
    links: links.map((link) => link.spanId),
  };
}
