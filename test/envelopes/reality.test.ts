import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bytesToText } from '../../src/envelopes/escapes.ts'
import { unwrap } from './unwrap.ts'

const REALITY = new URL('../../../shared/reality/', import.meta.url)
const isThere = existsSync(REALITY)
const NO_LOG = /truth|ctr-events|kmsg\.raw|containerd-stderr/

/** Lines as the sieve gives them: bytes that are not UTF-8 stand as `\xNN`. */
function readLines(path: string): readonly string[] {
  const bytes = readFileSync(new URL(path, REALITY))
  const lines: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const feed = bytes.indexOf(10, at)
    const end = feed < 0 ? bytes.length : feed
    lines.push(bytesToText([...bytes.subarray(at, end)]))
    at = end + 1
  }
  return lines
}

/** imjournal and imkmsg drop leading blanks. */
function kernelTexts(path: string): readonly string[] {
  return unwrap(readLines(path))
    .filter(record => record.ident === 'kernel')
    .map(record => record.message.trim())
}

const scenarios = !isThere ? [] : readdirSync(REALITY).filter(name => existsSync(new URL(`${name}/kmsg.raw`, REALITY)))
const files = scenarios.flatMap(scenario =>
  readdirSync(new URL(`${scenario}/`, REALITY))
    .filter(file => !NO_LOG.test(file))
    .map(file => [scenario, file] as const),
)

/**
 * Kernel lines that a form cannot have: read through syslog(2) or from the console, a record of many lines ends at about
 * 1000 bytes, so that the tail of memory.stat is missing. And the console goes back to the boot.
 */
const CUT_KEY = /^(?:pg|thp_|workingset_|zswp|swap)/

describe.skipIf(!isThere)(
  'every form of a real log says what the kernel said (skipped where the logs are absent)',
  () => {
    it.each(files)('%s/%s', (scenario, file) => {
      const said = kernelTexts(`${scenario}/kmsg.raw`)
      const heard = kernelTexts(`${scenario}/${file}`)
      const begin = file === 'console.log' ? heard.indexOf(said[0]!) : 0
      let at = begin
      const missing = said.filter(text => {
        if (heard[at] !== text) return true
        at++
        return false
      })
      expect(missing.filter(text => !CUT_KEY.test(text))).toEqual([])
      expect(heard.slice(at).filter(() => file !== 'console.log')).toEqual([])
    })
  },
)
