// Builds dist/: the bundled program and the JSON Schemas. Run by `npm ci` (prepare), so it needs nothing but node_modules.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildSieve } from './build-sieve.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))

await buildSieve()
await rm(`${root}dist`, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  // the others are what threads run
  entryPoints: {
    cli: 'src/cli.ts',
    'sieve-worker': 'src/sieve/range-worker.ts',
    'read-worker': 'src/sources/read-worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  // what is rarely needed becomes a file of its own, loaded on demand
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // not for size: V8 reads 350 kB faster than 850
  minify: true,
  legalComments: 'linked',
  define: { OOMLENS_VERSION: JSON.stringify(version) },
  // CommonJS dependencies ask for node's own modules by `require`
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/writers/schema-source.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  logLevel: 'warning',
})
const source = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
const { schemaText } = await import(source)
await mkdir(`${root}dist/schema`, { recursive: true })
await writeFile(`${root}dist/schema/report.json`, schemaText('report'))
await writeFile(`${root}dist/schema/ndjson-line.json`, schemaText('ndjson'))
