import { defineConfig } from 'vite';

/** The gateway that `npm run dev` shows; `npm start` listens there. */
const gateway = process.env.PARLEY_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  build: {
    outDir: 'site',
    assetsDir: 'console',
    // A data: address in a style would need a hole in the page's content security policy.
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { proxy: { '/v1': gateway, '/readyz': gateway, '/metrics': gateway } },
});
