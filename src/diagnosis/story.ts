/** What several incidents of one workload tell together: times and intervals. */
import { offsetIn, offsetMinutes } from '../basics/iso-offset.ts'
import { median } from '../basics/median.ts'
import type { Told } from '../model/told.ts'
import { list } from './words.ts'

type Kill = Told & { readonly ms: number }

const isTimedKill = (told: Told): told is Kill =>
  (told.kind === 'kernel' || told.kind === 'runtime') && told.ms !== null

// Half a dozen rules ask for those of one story.
let asked: readonly Told[] = []
let askedLength = 0
let answer: readonly Kill[] = []

/** Kills of the kernel or the runtime with a time, oldest first; evictions and user-space kills are another story. */
export const timedKills = (incidents: readonly Told[]): readonly Kill[] => {
  if (incidents !== asked || incidents.length !== askedLength) {
    answer = incidents.filter(isTimedKill).sort((a, b) => a.ms - b.ms)
    asked = incidents
    askedLength = incidents.length
  }
  return answer
}

const hour = 3_600_000

export interface CrashLoop {
  readonly kills: number
  readonly first: Told
  readonly last: Told
  readonly medianSeconds: number
}

/**
 * Three or more containers of one pod (each restart has a new id) killed, at most an hour apart: the run that ends with
 * the newest. Kills of one container that lives on are no restarts.
 */
export const crashLoop = (incidents: readonly Told[]): CrashLoop | null => {
  const kills = timedKills(incidents).filter(({ containerId }) => containerId !== null)
  const newest = kills.at(-1)
  if (!newest || kills.length < 3) return null
  const same = kills.filter(
    kill =>
      kill.container === newest.container &&
      (newest.podUid !== null && kill.podUid
        ? kill.podUid === newest.podUid
        : newest.podName !== null && kill.podName === newest.podName && kill.namespace === newest.namespace),
  )
  const byContainer = new Map(same.map(kill => [kill.containerId, kill]))
  const restarts = [...byContainer.values()]
  let start = restarts.length - 1
  while (start > 0 && (restarts[start]?.ms ?? 0) - (restarts[start - 1]?.ms ?? 0) <= hour) start -= 1
  const run = restarts.slice(start)
  const first = run[0]
  const last = run.at(-1)
  if (run.length < 3 || !first || !last) return null
  const gaps = run.slice(1).map((kill, index) => (kill.ms - (run[index]?.ms ?? 0)) / 1000)
  return { kills: run.length, first, last, medianSeconds: median(gaps) ?? 0 }
}

export interface Alignment {
  readonly periodSeconds: number
  /** Second of the period in local time of the log, a whole minute. */
  readonly markSeconds: number
  readonly aligned: number
  readonly kills: number
}

/** Offset of an ISO stamp in ms: cron's minutes are those of the log's own zone. */
const offsetMs = (iso: string | null): number => {
  const offset = iso === null ? null : offsetIn(iso)
  return offset === null ? 0 : offsetMinutes(offset) * 60_000
}

/**
 * At least 70 % of five or more kills within 10 s after the same minute of the day, the hour, the half or the quarter,
 * in four or more different ones. Shorter periods are not tried: the kubelet's back-off of 5 minutes would look like them.
 */
export const clockAlignment = (incidents: readonly Told[]): Alignment | null => {
  const kills = timedKills(incidents).map(({ time, ms }) => ms + offsetMs(time))
  if (kills.length < 5) return null
  for (const periodSeconds of [86_400, 3600, 1800, 900]) {
    const period = periodSeconds * 1000
    const marks = new Map<number, number[]>()
    for (const ms of kills) {
      const phase = ms % period
      if (phase % 60_000 >= 10_000) continue
      const mark = Math.floor(phase / 60_000) * 60
      const slots = marks.get(mark)
      if (slots) slots.push(Math.floor(ms / period))
      else marks.set(mark, [Math.floor(ms / period)])
    }
    for (const [markSeconds, slots] of marks) {
      if (slots.length >= 0.7 * kills.length && slots.length >= 4 && new Set(slots).size >= 4)
        return { periodSeconds, markSeconds, aligned: slots.length, kills: kills.length }
    }
  }
  return null
}

/**
 * Every one of three or more kills within 10 s after the same minute of a quarter of an hour: too few to call it a job, but
 * no proof of growth either.
 */
export const isOnOneMark = (incidents: readonly Told[]): boolean => {
  const marks = timedKills(incidents).map(({ time, ms }) => (ms + offsetMs(time)) % 900_000)
  const minutes = new Set(marks.map(phase => Math.floor(phase / 60_000)))
  return marks.length >= 3 && minutes.size === 1 && marks.every(phase => phase % 60_000 < 10_000)
}

/** `minutes 00 and 30 of an hour`, `02:15 of a day`. */
export const markWords = ({ periodSeconds, markSeconds }: Alignment): string => {
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = markSeconds / 60
  if (periodSeconds === 86_400) return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)} of a day`
  const step = periodSeconds / 60
  const marks = Array.from({ length: 60 / step }, (_, index) => two(minutes + index * step))
  return `minute${marks.length === 1 ? '' : 's'} ${list(marks)} of an hour`
}

export interface Burst {
  readonly inBurst: number
  readonly kills: number
  readonly burstSeconds: number
  readonly spanSeconds: number
}

/** Three quarters of at least four kills within a hundredth of the time between the first and the last (a day or more). */
export const burst = (incidents: readonly Told[]): Burst | null => {
  const kills = timedKills(incidents).map(({ ms }) => ms)
  const first = kills[0]
  const last = kills.at(-1)
  if (kills.length < 4 || first === undefined || last === undefined || last - first < 24 * hour) return null
  const size = Math.ceil(0.75 * kills.length)
  let shortest = Number.POSITIVE_INFINITY
  for (let index = 0; index + size <= kills.length; index += 1)
    shortest = Math.min(shortest, (kills[index + size - 1] ?? 0) - (kills[index] ?? 0))
  if (shortest > 0.01 * (last - first)) return null
  return { inBurst: size, kills: kills.length, burstSeconds: shortest / 1000, spanSeconds: (last - first) / 1000 }
}

/** The last `count` incidents of the same container of the same workload with the same limit, this one last. */
export const sameLimit = (incidents: readonly Told[]): readonly Told[] => {
  const newest = incidents.at(-1)
  if (!newest || newest.limitBytes === null) return []
  return incidents.filter(each => each.limitBytes === newest.limitBytes && each.kind === 'kernel')
}
