// Builds dist/: the bundled program and the JSON Schemas. Run by `npm ci` (prepare), so it needs nothing but node_modules.
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { buildSieve } from './build-sieve.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))

/** @type {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: root,
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
  logLevel: 'warning',
}

/**
 * As CommonJS, which node starts 7 ms sooner; esbuild splits modules only, so that each file is converted afterwards. Each
 * becomes a function for `bin/oomlens.js`, those that every run needs together in one file.
 */
async function buildProgram() {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: { cli: 'src/cli.ts' },
    entryNames: 'chunks/[name]',
    outExtension: { '.js': '.cjs' },
    plugins: [withoutSamples, asciiHelp],
    metafile: true,
    write: false,
  })
  const usual = neededBy(['src/cli.ts', 'src/commands/index.ts'], metafile.outputs)
  const together = []
  await mkdir(`${root}dist/chunks`, { recursive: true })
  for (const { path, text } of outputFiles) {
    if (!path.endsWith('.cjs')) {
      await writeFile(path, text)
      continue
    }
    const program = `(function(exports,require,module,__filename,__dirname){${await toCommonJs(text)}})`
    if (usual.has(basename(path))) together.push(`${JSON.stringify(basename(path))}:${program}`)
    else await writeFile(path, program)
  }
  await writeFile(`${root}dist/program.cjs`, `({${together.join(',')}})`)
}

/** Names of the files that hold these modules, and of all that they import at once. */
function neededBy(modules, outputs) {
  const needed = new Set()
  const visit = path => {
    if (needed.has(basename(path))) return
    needed.add(basename(path))
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') visit(imported)
  }
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (modules.includes(entryPoint)) visit(path)
  return needed
}

/** The samples beside the wordings are for readers and tests; they were a fifth of what V8 had to read. */
const withoutSamples = {
  name: 'without-samples',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/(?:recognisers|envelopes)\/.*\.ts$/ }, async ({ path }) => ({
      // as the formatter lays them out: on one line, or up to the bracket that stands under their beginning
      contents: (await readFile(path, 'utf8')).replace(
        /^( *)samples: \[(?:.*\],?|\n[\s\S]*?\n\1\],?)$/gm,
        '$1samples: [],',
      ),
      loader: 'ts',
    }))
  },
}

/** yargs asks for the width of what `--help` prints, which is ASCII; string-width takes 15 ms to load. */
const asciiHelp = {
  name: 'ascii-help',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /node_modules\/(?:yargs|cliui|wrap-ansi)\//.test(importer) ? { path: 'length', namespace: 'ascii-help' } : null,
    )
    onLoad({ filter: /^/, namespace: 'ascii-help' }, () => ({ contents: 'export default text => text.length' }))
  },
}

async function toCommonJs(code) {
  const ownUrl = "const __ownUrl=require('node:url').pathToFileURL(__filename).href;"
  const converted = await transform(code, {
    format: 'cjs',
    platform: 'node',
    target: options.target,
    minify: true,
    define: { 'import.meta.url': '__ownUrl' },
    // a chunk is loaded by `require`, too: node's `import()` would start what this avoids
    supported: { 'dynamic-import': false },
    banner: code.includes('import.meta.url') ? ownUrl : '',
  })
  // esbuild leaves characters in patterns (and in `String.raw` of such) as they are; there, too, an escape means the same
  return converted.code.replace(
    /[^\0-\x7f]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What threads run. */
async function buildThreads() {
  await build({
    ...options,
    entryPoints: { 'sieve-worker': 'src/sieve/range-worker.ts', 'read-worker': 'src/read-worker.ts' },
    // CommonJS dependencies ask for node's own modules by `require`
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  })
}

async function buildSchemas() {
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
}

/** What V8 makes of the program, by a run over a log with kills in it, with an option for yargs. */
function compileAhead() {
  const args = [
    `${root}scripts/compile-ahead.cjs`,
    `${root}dist/compiled`,
    '--output=text',
    `${root}fixtures/seed/messages.log`,
  ]
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

await buildSieve()
await rm(`${root}dist`, { recursive: true, force: true })
await buildProgram()
await buildThreads()
await buildSchemas()
compileAhead()
