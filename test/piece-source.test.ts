import { expect, test } from 'vitest'
import { warningPlace } from '../src/writers/assumed.ts'
import { logOfText, reportOf } from './support/report-of.ts'

test('a warning about a member of a bundle names bundle and member, each in its field', async () => {
  const log = logOfText('x\n', 10, 'bundle.tgz')
  const pieces = log.pieces.map(piece => ({ ...piece, member: 'var/log/messages', content: 'binary' as const }))
  const { warnings } = await reportOf([{ ...log, pieces }])
  expect(warnings).toMatchObject([{ code: 'binary', source: 'bundle.tgz', member: 'var/log/messages', line: null }])
  expect(warnings.map(warningPlace)).toEqual(['bundle.tgz!var/log/messages'])
})
