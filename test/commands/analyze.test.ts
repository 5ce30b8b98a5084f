import { expect, test, vi } from 'vitest'
import { run } from '../../src/commands/index.ts'
import { ioOf } from '../support/io.ts'

vi.mock('../../src/incidents/finish-incident.ts', () => ({
  finishIncident: () => {
    throw new Error('index out of range')
  },
}))

test('an incident that is lost by a fault of ours is told, and makes the exit status that of an error', async () => {
  const { io, complaints } = ioOf()
  expect(await run(['fixtures/containerd/container-limit-v1.log'], io)).toBe(2)
  expect(complaints).toEqual(['oomlens failed at an incident: index out of range'])
})
