import { expect, test } from 'vitest'
import { type FollowOptions, followLogs } from '../src/follow-logs.ts'
import { findListings } from '../src/read-saved.ts'
import { containerPath, report } from './support/kills.ts'
import { logOfText, NOW_MS } from './support/report-of.ts'

const UID = '8a6f4c02-1b2d-4c55-9a3e-000000000001'
const kill = `${report(0, 100, { task: containerPath(UID, 'a'.repeat(64)) }).join('\n')}\n`

/** A log that gives a kill and then nothing, for ever or until its end. */
async function* growing(rest: Promise<void>) {
  yield Buffer.from(kill)
  await rest
}

const options: FollowOptions = {
  windowSeconds: 5,
  year: 2022,
  zone: 'UTC',
  localZone: 'UTC',
  nowMs: NOW_MS,
  steadyMs: () => 0,
  raw: false,
  wants: () => true,
  streaming: true,
  onIncident: () => {},
  onError: () => {},
  onWarning: () => {},
  signal: new AbortController().signal,
}

const follow = async (rest: Promise<void>, more: Partial<FollowOptions>) => {
  const [piece] = logOfText('').pieces
  return followLogs([{ piece: piece!, bytes: growing(rest) }], await findListings([], [], options.signal), {
    ...options,
    ...more,
  })
}

test('a failure of whoever takes the incidents ends the following, also of a log that goes on', async () => {
  let nowMs = 0
  const onIncident = () => {
    throw new Error('disk full')
  }
  // at each look at the clock a minute has gone
  const following = follow(new Promise(() => {}), { onIncident, steadyMs: () => (nowMs += 60_000) })
  await expect(following).rejects.toThrow('disk full')
})

test('what has gone quiet is told by the clock that is given', async () => {
  let nowMs = 0
  let end = () => {}
  const rest = new Promise<void>(resolve => {
    end = resolve
  })
  // a log that ends only once its kill was told
  const onIncident = () => end()
  const { stats } = await follow(rest, { onIncident, steadyMs: () => (nowMs += 60_000) })
  expect(stats.incidents).toBe(1)
})
