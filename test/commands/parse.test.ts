import { expect, test, vi } from 'vitest'
import { parseArguments } from '../../src/commands/parse.ts'
import { ioOf } from '../support/io.ts'

test.each([
  ['the help', '--output', ['--help']],
  ['the completion script', 'complete -o bashdefault', ['completion']],
  ['completions', '--output', ['--get-yargs-completions', 'oomlens', '--out']],
])('%s is all that is printed, and through the process edge', async (_, printed, args) => {
  const past = vi.spyOn(console, 'log').mockReturnValue()
  const { io, out } = ioOf()
  expect(await parseArguments(args, io)).toBe(0)
  expect(past).not.toHaveBeenCalled()
  expect(out()).toContain(printed)
  past.mockRestore()
})
