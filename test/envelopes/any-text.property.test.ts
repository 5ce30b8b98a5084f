import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { envelopes } from '../../src/envelopes/index.ts'
import { unwrap } from './unwrap.ts'

const lines = envelopes.flatMap(envelope => envelope.samples.flatMap(sample => sample.line.split('\n')))
const sample = fc.constantFrom(...lines)
const damaged = fc
  .tuple(sample, fc.nat(200), fc.string({ unit: 'binary', maxLength: 8 }), fc.nat(4))
  .map(([line, at, put, drop]) => line.slice(0, at) + put + line.slice(at + drop))
const anyLine = fc.oneof(sample, damaged, fc.string({ unit: 'binary' }), fc.string())

describe('any text', () => {
  it('never throws, and loses no line without an envelope', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), texts => {
        const records = unwrap(texts)
        for (const record of records) {
          expect(record.envelope).not.toBe('')
          expect(record.line.text).toBe(texts[record.line.lineNumber - 1])
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('gives the same records for the same lines, whatever was read before', () => {
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 6 }), texts => {
        const first = unwrap(texts)
        unwrap(lines)
        expect(unwrap(texts)).toEqual(first)
      }),
      { numRuns: 200 },
    )
  })
})

const MEGABYTE = 1024 * 1024
const repeat = (text: string): string => text.repeat(Math.ceil(MEGABYTE / text.length))

// Whatever takes more than linear time here would not end.
describe('a line of a megabyte is survived', () => {
  const cases = [
    ...[
      'a',
      ' ',
      '\0',
      '#012',
      '\\x41',
      '\\xd0',
      '&amp;',
      '"',
      '[',
      '{',
      '}',
      '[{',
      ':',
      '-',
      '> ',
      '>',
      '`',
      '1',
      '1:',
      'a:',
      '\t',
      '<',
      ',',
      'a ',
      ' a',
      '](',
      'Killed process 1 (',
    ].map(repeat),
    `Mar 15 09:22:41 ${repeat('a')}= kernel: x`,
    `Mar 15 09:22:41 n ${repeat('a')}`,
    `Mar 15 09:22:41 n ${repeat('a[')}`,
    `Mar 15 09:22:41 n kernel: ${repeat('#012')}`,
    `Mar 15 09:22:41 n kernel: ${repeat('Killed process 1 (')}`,
    `Mar 15 09:22:41 n kernel: ${repeat('\\x0a')}`,
    `Mar 15 09:22:41 n kernel: Task in ${repeat('killed as a result of limit of ')}`,
    `[ 12.345678] ${repeat(' ')}x`,
    `{"message":"${repeat('\\x')}"}`,
    `{"message":${repeat('[')}`,
    `{"message":"x"${repeat(' ')}`,
    `\t"MESSAGE" : ${repeat(' ')}x`,
    `\t"MESSAGE" : "${repeat('\\"')}`,
    `{${repeat(' ')}x`,
    `<4>1 ${repeat('- ')}`,
    `<4>1 - - - - - ${repeat('[a b="c"]')}`,
    `kern: ${repeat('a')}: [`,
    `${repeat('com.docker.')}hyperkit: [1.0] x`,
    `4,1,2,-;${repeat('\\x0aa')}`,
    `-- ${repeat('-')}`,
    `.${repeat('.')}x`,
    `${repeat('<br>')}x>`,
    `<${repeat('<br>')}`,
    `2022-03-15T00:22:41.553Z,${repeat('"')}x`,
    `2022-03-15T00:22:41.553Z {${repeat('a="b"')}`,
    `"${repeat('",')}x`,
    `Mar 15 09:22:41 n kernel: ${repeat('-rss:1')}`,
    `Mar 15 09:22:41 n kernel: Task in /${repeat('"')}#012x`,
    `Mar 15 09:22:41 n kernel: CPU: 1 ${repeat('Tainted: ')}`,
    `Mar 15 09:22:41 n kernel: ${repeat('Node 0 ')}`,
    `Mar 15 09:22:41 n kernel: [ 1]${repeat(' 1')}>`,
  ]
  it.each(cases.map(text => [text.slice(0, 30), text]))('%j…', (_, text) => {
    expect(() => unwrap([text, text])).not.toThrow()
  })
})
