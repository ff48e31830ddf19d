import type { Router } from 'express';

/** Protocols with a description of their own, and pages. */
export const elsewhere = /^\w+ \/($|console|favicon|v1\/(models|chat)|mcp|a2a|ag-ui|\.well-known)/;

/** `METHOD /path/{param}` of every route, nested routers included; catch-alls that refuse other methods are none. */
export function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (route === undefined) return 'stack' in handle ? routesOf(handle as unknown as Router) : [];
    const paths = [route.path].flat().map((path) => path.replace(/:(\w+)/g, '{$1}'));
    const methods = new Set(route.stack.map((layer) => layer.method).filter((method) => method !== undefined));
    return [...methods].flatMap((method) => paths.map((path) => `${method.toUpperCase()} ${path}`));
  });
}
