import { SpanKind } from '@opentelemetry/api';

/** A span as both the SDK in memory and OTLP show it. */
export interface SpanView {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Span ids. */
  readonly links: readonly string[];
}

/** `service: NAME KIND`, and what kind of message it is about. */
export function labelOf({ name, kind, attributes }: SpanView): string {
  const service = attributes['parley.service'];
  const type = attributes['parley.message.type'];
  return `${service === undefined ? '' : `${service}: `}${name} ${SpanKind[kind]}${type === undefined ? '' : ` (${type})`}`;
}

/** Spans without a parent among them, each with what is under it; siblings by their labels. */
export function traceTree(spans: readonly SpanView[]): string {
  const known = new Set(spans.map((span) => span.spanId));
  const under = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : undefined,
  );
  const lines: string[] = [];
  const draw = (parent: string | undefined, depth: number): void => {
    const children = (under.get(parent) ?? []).map((span) => ({ span, label: labelOf(span) }));
    for (const { span, label } of children.sort((a, b) => (a.label < b.label ? -1 : 1))) {
      lines.push(`${'  '.repeat(depth)}${label}`);
      draw(span.spanId, depth + 1);
    }
  };
  draw(undefined, 0);
  return lines.join('\n');
}
