// Run by the build as `node compile-ahead.cjs DIRECTORY ARGUMENTS...`: runs the program once, and keeps for
// `bin/oomlens.js` what V8 compiled (bytecode, of the functions that ran).
const { mkdirSync, writeFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const vm = require('node:vm')
const { crc32 } = require('node:zlib')

const [directory, ...args] = process.argv.splice(2)
process.argv.push(...args)

const scripts = []
vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options)
    scripts.push({ code, filename: options.filename, script: this })
  }
}
process.on('exit', () => {
  const target = join(directory, `${process.version}-${process.arch}`)
  mkdirSync(target, { recursive: true })
  for (const { code, filename, script } of scripts) {
    const data = script.createCachedData()
    const check = Buffer.alloc(4)
    check.writeUInt32LE(crc32(data, crc32(Buffer.from(code, 'latin1'))))
    writeFileSync(join(target, basename(filename)), Buffer.concat([data, check]))
  }
})
require('../bin/oomlens.js')
