import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { programs } from '../../src/recognisers/index.ts'
import { readByPattern, understand } from '../../src/recognisers/recognise.ts'
import type { Recogniser } from '../../src/recognisers/recogniser.ts'

/* Rules that hold for every recogniser of every program. */

const rows = programs.flatMap(program =>
  program.recognisers.map((recogniser, at) => ({
    recogniser,
    name: `${program.name} ${recogniser.kind} ${at}: ${recogniser.source}`,
  })),
)
const samples = rows.flatMap(({ recogniser, name }) =>
  recogniser.wordings.flatMap(wording =>
    wording.samples.map(sample => ({ recogniser, wording, sample, name: `${name} ${sample.message}` })),
  ),
)

/** As `recognise` hands a message to the patterns. */
const withoutLeadingBlanks = (message: string) => message.replace(/^[ \t]+/, '')

describe('every recogniser', () => {
  test.each(rows)('says how to find its sentence quickly: $name', ({ recogniser }) => {
    const { starts, has } = recogniser
    expect(starts !== undefined || has !== undefined).toBe(true)
    for (const text of [...(starts ?? []), ...(has === undefined ? [] : [has])]) expect(text).not.toBe('')
  })

  test.each(rows)('has needles of 3 ASCII bytes or more: $name', ({ recogniser }) => {
    for (const needle of recogniser.needles) expect(needle).toMatch(/^[\x20-\x7e]{3,}$/)
    if (recogniser.opens) expect(recogniser.needles).not.toEqual([])
  })

  test.each(rows)('has wordings that are anchored and carry a sample: $name', ({ recogniser }) => {
    expect(recogniser.wordings).not.toEqual([])
    for (const { pattern, samples: ofWording } of recogniser.wordings) {
      expect(pattern.source).toMatch(/^\^/)
      expect(pattern.flags).not.toMatch(/[gym]/)
      expect(ofWording).not.toEqual([])
    }
  })
})

describe('every sample', () => {
  test.each(samples)('is read as it says: $name', ({ recogniser, sample }) => {
    const event = understand(recogniser, withoutLeadingBlanks(sample.message))
    expect(event).toEqual({ kind: recogniser.kind, ...sample.expect })
  })

  test.each(samples)('is understood by exactly one wording of one recogniser: $name', ({ sample, wording }) => {
    const text = withoutLeadingBlanks(sample.message)
    const claimants = rows
      .filter(({ recogniser }) => understand(recogniser, text) !== null)
      .flatMap(({ recogniser, name }) =>
        recogniser.wordings
          .filter(other => readByPattern({ ...recogniser, wordings: [other] }, text) !== null)
          .map(other => ({ name, pattern: other.pattern })),
      )
    expect(claimants.map(({ pattern }) => pattern)).toEqual([wording.pattern])
  })

  test.each(samples.filter(({ recogniser }) => recogniser.needles.length > 0))('holds one of the needles: $name', ({
    recogniser,
    sample,
  }) => {
    expect(recogniser.needles.some(needle => sample.message.includes(needle))).toBe(true)
  })

  test.each(samples)('may be cut at any character, front or end, without harm: $name', ({ sample }) => {
    for (let at = 0; at <= sample.message.length; at++) {
      for (const cut of [sample.message.slice(0, at), sample.message.slice(at)]) {
        for (const { recogniser } of rows) understand(recogniser, withoutLeadingBlanks(cut))
      }
    }
  })
})

describe('every hand-written reader', () => {
  const scanned = rows.filter(({ recogniser }) => recogniser.scan !== undefined)
  const agrees = (recogniser: Recogniser, text: string) => {
    const event = recogniser.scan!(text)
    if (event !== undefined) expect({ text, event }).toEqual({ text, event: readByPattern(recogniser, text) })
  }

  test.each(scanned)('reads a sample without the patterns: $name', ({ recogniser }) => {
    const messages = recogniser.wordings.flatMap(wording => wording.samples.map(sample => sample.message))
    expect(messages.some(message => recogniser.scan!(message))).toBe(true)
  })

  test.each(scanned)('says what the patterns say of all samples, whole and cut: $name', ({ recogniser }) => {
    for (const { sample } of samples) {
      const text = withoutLeadingBlanks(sample.message)
      for (let at = 0; at <= text.length; at++) {
        agrees(recogniser, text.slice(0, at))
        agrees(recogniser, text.slice(at))
      }
    }
  })

  test.each(scanned)('says what the patterns say of samples with a character changed: $name', ({ recogniser }) => {
    const messages = recogniser.wordings.flatMap(wording => wording.samples.map(sample => sample.message))
    const character = fc.constantFrom(...' []()<>?+./0x9afzA_-:*\t\r\n\u00a0é')
    fc.assert(
      fc.property(fc.constantFrom(...messages), fc.nat(), fc.nat(2), character, (message, place, width, by) => {
        const at = place % (message.length + 1)
        agrees(recogniser, message.slice(0, at) + by + message.slice(at + width))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hostile lines', () => {
  const LENGTH = 100_000
  const pieces = [' ', '\t', 'a', '0', '(', ')', '[', ',', ':', '\n', 'x ', '1 ', 'a:1 ', 'a.b', ', ', ',task=', '"']
  const fillers = pieces.map(piece => piece.repeat(LENGTH / piece.length))

  // No time is asserted: a pattern that backtracks more than linearly would not come to an end here.
  test.each(rows)('are read in linear time: $name', ({ recogniser }) => {
    for (const { pattern, samples: ofWording } of recogniser.wordings) {
      for (const { message } of ofWording.slice(0, 2)) {
        const places = [0, message.length >> 1, message.length]
        for (const filler of fillers) {
          for (const at of places) pattern.exec(`${message.slice(0, at)}${filler}\n${message.slice(at)}`)
          const text = `${message}${filler}\u0000`
          understand(recogniser, text)
        }
        understand(recogniser, `${message} `.repeat(LENGTH / (message.length + 1)))
      }
    }
  })
})

describe('every file', () => {
  const folders = readdirSync('src/recognisers', { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => `src/recognisers/${entry.name}`)

  test.each(folders)('that exports a recogniser is imported by the index of %s', folder => {
    const index = readFileSync(`${folder}/index.ts`, 'utf8')
    const files = readdirSync(folder).filter(file => file !== 'index.ts' && file.endsWith('.ts'))
    const exporting = files.filter(file =>
      /export const \w+: Recogniser\b/.test(readFileSync(`${folder}/${file}`, 'utf8')),
    )
    expect(exporting).not.toEqual([])
    for (const file of exporting) expect(index).toContain(`from './${file}'`)
  })

  test.each(folders)('of %s that exports a recogniser has each of them in the table', async folder => {
    const inTables = new Set<unknown>(programs.flatMap(program => program.recognisers))
    for (const file of readdirSync(folder).filter(name => name.endsWith('.ts') && name !== 'index.ts')) {
      const exported: Record<string, unknown> = await import(pathToFileURL(`${folder}/${file}`).href)
      for (const [name, value] of Object.entries(exported)) {
        const isRecogniser = typeof value === 'object' && value !== null && 'wordings' in value && 'needles' in value
        if (isRecogniser) expect([name, inTables.has(value)]).toEqual([name, true])
      }
    }
  })
})
