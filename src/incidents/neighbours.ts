import { lowerBound } from '../basics/lower-bound.ts'
import { axisBefore, type Group, INCIDENT_MS } from './group.ts'

/**
 * Groups that may lie within a window around a time, or begin so: their first event is not further away than an incident
 * can last. The rest of thousands is not looked at.
 *
 * @param ordered by time
 */
export function* neighbours(
  ordered: readonly Group[],
  { axis, first, last }: Pick<Group, 'axis' | 'first' | 'last'>,
  windowMs: number,
): Generator<Group> {
  const from = first - INCIDENT_MS - windowMs
  const begin = lowerBound(ordered.length, at => {
    const group = ordered[at]!
    return axis === group.axis ? group.first < from : axisBefore(group.axis, axis)
  })
  for (let at = begin; at < ordered.length; at++) {
    const group = ordered[at]!
    if (group.axis !== axis || group.first > last + windowMs) break
    yield group
  }
}
