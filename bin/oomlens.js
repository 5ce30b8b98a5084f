#!/usr/bin/env node
// Loads the program together with what V8 made of it when it was built on this machine (scripts/compile-ahead.cjs): that
// spares a third of the start. Where there is none, or of another node, V8 compiles as always.
const { readFileSync } = require('node:fs')
const { wrap } = require('node:module')
const { basename, dirname, join } = require('node:path')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')

const compiled = join(__dirname, '../dist/compiled', `${process.version}-${process.arch}`)

/** V8 trusts what it is given, so that the last four bytes tell whether all is there and of this text. */
function compiledOf(code, filename) {
  try {
    const file = readFileSync(join(compiled, basename(filename)))
    const data = file.subarray(0, -4)
    return file.readUInt32LE(data.length) === crc32(data, crc32(code)) ? data : undefined
  } catch {
    return undefined
  }
}

require.extensions['.cjs'] = (module, filename) => {
  const code = wrap(readFileSync(filename, 'utf8'))
  const script = new Script(code, { filename, cachedData: compiledOf(code, filename) })
  const load = script.runInThisContext()
  load.call(module.exports, module.exports, id => module.require(id), module, filename, dirname(filename))
}

require('../dist/cli.cjs')
