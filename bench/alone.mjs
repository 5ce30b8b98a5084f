/**
 * Parts of the work alone, to compare with: `node bench/alone.mjs read|split2|gunzip FILE`.
 */
import { createReadStream, openSync, readSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import split2 from 'split2'

const CHUNK = 256 * 1024

const parts = {
  /** Reads the file and does nothing with it. */
  read(file) {
    const buffer = Buffer.allocUnsafeSlow(CHUNK)
    const descriptor = openSync(file, 'r')
    let bytes = 0
    for (let n = 1; n > 0; bytes += n) n = readSync(descriptor, buffer, 0, CHUNK, null)
    return bytes
  },
  /** Every line a string, one regular expression for each. */
  async split2(file) {
    let matches = 0
    const lines = split2('\n', line => {
      if (/oom/i.test(line)) matches++
      return undefined
    })
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) lines.write(chunk)
    lines.end()
    return matches
  },
  async gunzip(file) {
    let bytes = 0
    const stream = createReadStream(file, { highWaterMark: CHUNK }).pipe(createGunzip({ chunkSize: 1024 * 1024 }))
    for await (const chunk of stream) bytes += chunk.length
    return bytes
  },
}

console.log(await parts[process.argv[2]](process.argv[3]))
