#!/usr/bin/env node
// Loads the program together with what V8 made of it when it was built on this machine (scripts/compile-ahead.cjs): that
// spares a third of the start. Where there is none, or of another node, V8 compiles as always. What every run needs is
// one file, the rest is loaded when it is asked for; node's own loader would take as long again for each.
const { readFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')

const dist = join(__dirname, '../dist')
const chunks = join(dist, 'chunks')
const compiled = join(dist, 'compiled', `${process.version}-${process.arch}`)

/** V8 trusts what it is given, so that the last four bytes tell whether all is there and of this text. */
function compiledOf(code, name) {
  try {
    const file = readFileSync(join(compiled, name))
    const data = file.subarray(0, -4)
    return file.readUInt32LE(data.length) === crc32(data, crc32(code)) ? data : undefined
  } catch {
    return undefined
  }
}

/** What the text of a file comes to. The build writes ASCII only, which is read sooner. */
function run(filename) {
  const code = readFileSync(filename)
  const script = new Script(code.latin1Slice(), { filename, cachedData: compiledOf(code, basename(filename)) })
  return script.runInThisContext()
}

/** By name: functions of what `module.exports`, `require` and the rest are to it. */
const files = run(join(dist, 'program.cjs'))
const modules = new Map()

function load(name) {
  const known = modules.get(name)
  if (known !== undefined) return known.exports
  const module = { exports: {} }
  modules.set(name, module)
  const main = files[name] ?? run(join(chunks, name))
  main.call(module.exports, module.exports, requireFor, module, join(chunks, name), chunks)
  return module.exports
}

function requireFor(id) {
  return id.startsWith('.') ? load(basename(id)) : require(id)
}

load('cli.cjs')
