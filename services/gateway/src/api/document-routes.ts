import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { asyncApiDocument } from '@parley/contracts';
import { onlyMethods } from '@parley/runtime';
import express, { type RequestHandler, Router } from 'express';
import type { OpenApiDocument } from './openapi-builder.ts';

/** The library's own page has a script in it and looks at another host's document first. */
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null });\n`;
const served = /^\/(swagger-ui\.css|swagger-ui-bundle\.js|favicon-32x32\.png)$/;

/** The operations, as a document and as a page to try them on. @param describe makes the document, once, for its first reader */
export function documentRoutes(describe: () => OpenApiDocument): Router {
  const router = Router();
  let document: OpenApiDocument | undefined;
  router.get('/openapi.json', (_request, response) => {
    document ??= describe();
    response.json(document);
  });
  router.get('/asyncapi.json', (_request, response) => {
    response.json(asyncApiDocument());
  });
  router.all(['/openapi.json', '/asyncapi.json'], onlyMethods('GET'));

  let files: RequestHandler | undefined;
  router.use('/docs', (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return onlyMethods('GET')(request, response, next);
    if (request.path === '/') return void response.type('html').send(page);
    if (request.path === '/start.js') return void response.type('js').send(start);
    if (!served.test(request.path)) return next();
    // Looked for by the first reader: nobody else needs it.
    files ??= express.static(dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')), {
      index: false,
      maxAge: '1h',
    });
    return files(request, response, next);
  });
  return router;
}
