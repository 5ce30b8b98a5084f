import { expect, test } from 'vitest'
import { decodeGfpMask, gfpEraOf } from '../../../src/recognisers/kernel/gfp-flags.ts'

test.each([
  ['0xd0', 'wait', ['GFP_KERNEL']],
  ['0x201da', 'wait', ['GFP_HIGHUSER_MOVABLE', '__GFP_COLD']],
  ['0x200da', 'wait', ['GFP_HIGHUSER_MOVABLE']],
  ['0x280da', 'wait', ['GFP_HIGHUSER_MOVABLE', '__GFP_ZERO']],
  ['0x3000d0', 'wait', null],
  ['0x50', 'wait', ['GFP_NOFS']],
  ['0x24000c0', 'reclaim', ['GFP_KERNEL']],
  ['0x24201ca', 'reclaim', ['GFP_HIGHUSER_MOVABLE', '__GFP_COLD']],
  ['0x26040c0', 'reclaim', ['GFP_KERNEL', '__GFP_COMP', '__GFP_NOTRACK']],
] as const)('%s of a mask that is %s is %j', (mask, era, names) => {
  expect(gfpEraOf(mask)).toBe(era)
  expect(decodeGfpMask(mask, era)).toEqual(names)
})

test.each([
  ['of another layout', '0xcc0'],
  ['of another layout', '0x100cca'],
  ['of a huge page, which may be either', '0x4042ca'],
  ['that is no number', '0x'],
  ['that is none', ''],
])('the layout of a mask %s is not guessed: %s', (_, mask) => {
  expect(gfpEraOf(mask)).toBeNull()
})

test.each([
  ['a bit that the layout does not have', '0x20000d0', 'wait'],
  ['a text that is no mask', 'GFP_KERNEL', 'wait'],
  ['a text that is cut', '0x', 'reclaim'],
] as const)('%s is not decoded', (_, mask, era) => {
  expect(decodeGfpMask(mask, era)).toBeNull()
})

test('no flags at all', () => {
  expect(decodeGfpMask('0x0', 'wait')).toEqual([])
})
