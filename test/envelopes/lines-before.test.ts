import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createUnwrapper, envelopes } from '../../src/envelopes/index.ts'
import { programs } from '../../src/recognisers/index.ts'
import { createRecogniser } from '../../src/recognisers/recognise.ts'

const recogniser = createRecogniser(programs)

/** Lines of all forms, and all sentences behind some; whole or cut at either end. */
const formLines = envelopes.flatMap(({ samples }) => samples.flatMap(({ line }) => line.split('\n')))
const sentences = programs
  .flatMap(program => program.recognisers.flatMap(({ wordings }) => wordings.flatMap(({ samples }) => samples)))
  .map(({ message }) => message.replaceAll('\n', '#012'))
const HEADS = [
  '',
  'Mar 15 09:22:41 n kernel: ',
  '[ 123.456789] ',
  'Mar 15 09:22:41 n containerd[12]: ',
  '2022-03-15T09:22:41.123456+09:00 n kernel: ',
  '    ',
  '> ',
]
const sentenceLine = fc.tuple(fc.constantFrom(...HEADS), fc.constantFrom(...sentences)).map(([a, b]) => a + b)
const whole = fc.oneof(fc.constantFrom(...formLines), sentenceLine)
const cut = fc.tuple(whole, fc.double({ min: 0, max: 0.2, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
const line = fc.oneof(
  whole,
  cut.map(([text, from, to]) => text.slice(text.length * from, text.length * to)),
)

const KILL = 'Killed process 77 (zz) total-vm:4kB, anon-rss:4kB, file-rss:0kB'
const kills = ['Mar 15 09:22:42 n kernel: ', '[ 999.000001] ', '2022-03-15T09:22:42.123456+09:00 n kernel: '].map(
  head => head + KILL,
)

it('no lines before a kill hide it, nor does one behind it', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 4 }),
      fc.constantFrom(...kills),
      fc.option(line, { nil: '' }),
      (before, kill, after) => {
        const unwrapper = createUnwrapper()
        const lines = [...before, kill, after].map((text, i) => ({ text, lineNumber: i + 1, byteOffset: 0, source: 0 }))
        const records = [...lines.flatMap(unwrapper.feed), ...unwrapper.end()]
        const events = records.map(recogniser.recognise)
        expect(events.some(event => event?.kind === 'killed-process' && event.pid === 77)).toBe(true)
      },
    ),
    { numRuns: 3000 },
  )
})
