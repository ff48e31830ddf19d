import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Nothing of another host, no script or style in a page: what the console needs and no more. */
const directives = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
} as const;

const mayAsk = ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', 'traceparent'];
const mayRead = [
  'Location',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'WWW-Authenticate',
];
const preflightSeconds = 600;

/** Headers that browsers go by: what pages may do, and which pages of other origins may ask. */
export function browserHeaders(origins: readonly string[]): RequestHandler[] {
  const secure = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  if (origins.length === 0) return [secure];
  return [
    secure,
    cors({ origin: [...origins], allowedHeaders: mayAsk, exposedHeaders: mayRead, maxAge: preflightSeconds }),
  ];
}
