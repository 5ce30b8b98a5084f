import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvField, escapeHtml, escapeMarkdown, markdownCode, safeJson, visible } from '../../src/writers/neutral.ts'

const dangerous = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/

/** Of all letters there are, the dangerous ones hardly ever come up by themselves. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\x1b\x7f\x85\x9b\u061c\u200b\u200f\u2028\u202e\u2066\ufeff'),
    fc.constantFrom('a', '"', '\\'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

describe('visible', () => {
  test.each([
    ['plain text stays', 'python3 -m app', 'python3 -m app'],
    ['text of any script stays', '漢字 żółć', '漢字 żółć'],
    ['a colour escape is shown', '\x1b[31m', '\\x1b[31m'],
    ['the one-byte CSI of C1 is shown', '\x9b2J', '\\x9b2J'],
    ['line breaks and tabs are shown', 'a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['NUL and DEL are shown', '\0\x7f', '\\x00\\x7f'],
    ['a bidi override is shown', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['zero-width characters are shown', 'a\u200bb\u200d\ufeff', 'a\\u200bb\\u200d\\ufeff'],
    ['tag characters are shown', '\u{e0041}', '\\u{e0041}'],
    ['half of a surrogate pair is shown', '\ud83d', '\\ud83d'],
  ])('%s', (_, given, expected) => expect(visible(given)).toBe(expected))

  test('whatever the text, nothing dangerous is left', () => {
    fc.assert(fc.property(nasty, text => !dangerous.test(visible(text))))
  })
})

describe('escapeHtml', () => {
  test('no markup and no quote is left', () => {
    expect(escapeHtml(`<a href="x" on='y'>&\x1b`)).toBe('&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;\\x1b')
  })
})

describe('escapeMarkdown', () => {
  test.each([
    ['emphasis', '*a* _b_ ~c~', '\\*a\\* \\_b\\_ \\~c\\~'],
    ['links and images', '![x](y)', '!\\[x\\](y)'],
    ['table cells', 'a|b', 'a\\|b'],
    ['HTML', '<img>', '&lt;img&gt;'],
    ['mentions and issues', '@root #1', '&#64;root \\#1'],
    ['bare addresses', 'https://x.y www.x.y', 'https:&#47;/x.y www&#46;x.y'],
    ['a list', '- a', '\\- a'],
    ['a numbered list', '1. a', '1\\. a'],
    ['line breaks', 'a\n# b', 'a\\\\n\\# b'],
  ])('%s are no markup any more', (_, given, expected) => expect(escapeMarkdown(given)).toBe(expected))
})

describe('markdownCode', () => {
  test.each([
    ['plain', 'python3', '`python3`'],
    ['with a backtick', 'a`b', '``a`b``'],
    ['that begins with one', '`a', '`` `a ``'],
    ['with a bar', 'a|b', '`a\\|b`'],
    ['empty', '', '`  `'],
  ])('text %s cannot leave the span', (_, given, expected) => expect(markdownCode(given)).toBe(expected))
})

describe('csvField', () => {
  test.each([
    ['a plain field stays', 'api', 'api'],
    ['a comma and quotes are quoted', 'a,"b"', '"a,""b"""'],
    ['a formula gets an apostrophe', '=cmd()', "'=cmd()"],
    ['also after blanks', ' +1', "' +1"],
    ['also with at and minus', '@x', "'@x"],
    ['a negative number is a number', -998, '-998'],
    ['a negative number as text is text', '-998', "'-998"],
    ['null is empty', null, ''],
    ['a line break cannot start a row', 'a\nb', 'a\\nb'],
  ])('%s', (_, given, expected) => expect(csvField(given)).toBe(expected))
})

describe('safeJson', () => {
  test('whatever the text, it reads back the same and nothing dangerous is in it', () => {
    fc.assert(
      fc.property(nasty, text => {
        const written = safeJson({ text })
        expect(JSON.parse(written)).toEqual({ text })
        expect(dangerous.test(written)).toBe(false)
      }),
    )
  })
})
