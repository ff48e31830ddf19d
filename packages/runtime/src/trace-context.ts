import { randomBytes } from 'node:crypto';

/** version 00, trace id, parent id, flags. Source: W3C Trace Context §3.2.2. */
const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The caller's context when it is well-formed, else a new one. */
export function traceparentOf(header: string | undefined): string {
  if (header !== undefined && pattern.test(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

export function traceIdOf(traceparent: string): string {
  return pattern.exec(traceparent)?.[1] ?? '';
}
