import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defaultClientConditions, defineConfig } from 'vite'
import { directImports } from './direct-imports.ts'
import { slimContracts } from './slim-contracts.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The browser's part: hashed files under /assets/, nothing inline, so that the strict policy holds. */
export default defineConfig({
  root: at('.'),
  publicDir: false,
  base: '/',
  plugins: [
    preact({ reactAliasesEnabled: false, devToolsEnabled: false }),
    slimContracts(),
    directImports(at('./sdk/index.ts')),
  ],
  resolve: {
    conditions: ['veza-source', ...defaultClientConditions],
    alias: [{ find: /^zod$/, replacement: at('./zod-stub.ts') }],
  },
  build: {
    outDir: at('../dist/web'),
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    // hls.js is the largest; only a page that plays loads it.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // Every page carries a list of all files: names would be a twentieth of what it loads first.
      output: { chunkFileNames: 'assets/[hash:8].js', assetFileNames: 'assets/[hash:8][extname]' },
      treeshake: {
        moduleSideEffects: [{ test: /(main\.tsx|\.css|node_modules)/, sideEffects: true }],
        // A page carries the tokens it uses, not every route of the server.
        manualPureFunctions: [
          'defineRoute',
          'defineProblem',
          'defineEvent',
          'defineChannel',
          'defineNotification',
          'defineSlot',
          'defineJob',
          'defineContract',
          'defineSearchIndex',
          'pageOf',
        ],
      },
    },
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } },
  },
})
