import { whole } from './object.ts'
import { sizeBytes } from './quantity.ts'
import { afterMidnight, clockSeconds, stampSeconds } from './stamps.ts'
import type { Around, RowFacts, Table } from './table.ts'
import { reading } from './usage-tables.ts'

const KIB = 1024

/** Series that tell how much memory is left on the machine that they were taken on. */
export const nodeTables: readonly Table[] = [
  {
    // procps-ng: `total used free shared buff/cache available` (3.3.10+); before it `buffers cached` and a line `-/+ buffers/cache:`
    format: 'free',
    header: /^ +total +used +free +shared +(?:buff\/cache +available|buffers +cached?(?: +available)?)\s*$/,
    read: (line, { has }, around) => {
      const [label, ...cells] = line.trim().split(/ +/)
      if (label === 'Mem:' && has('available')) return freeReading(cells[0], cells.at(-1), around)
      if (/^-\/\+ buffers\/cache: /.test(line.trim())) {
        const [used, free] = line.trim().split(/ +/).slice(2)
        return freeReading(null, free, around, used)
      }
      return label === 'Mem:' || label === 'Swap:' || label === 'Total:' ? {} : null
    },
  },
  {
    format: 'vmstat',
    header: /^ ?r +b +swpd +free +(?:buff +cache|inact +active) +si +so\b/,
    read: (line, { has }, { command, atSeconds }) => {
      const cells = /^ *\d{1,9}(?: +\d{1,15}){15,}/.test(line.slice(0, 400)) ? line.trim().split(/ +/) : null
      if (cells === null || !has('buff') || /vmstat .*-S ?[kKmM]/.test(command)) return null
      const stamp = /(\d{4}-\d\d-\d\d) +(\d\d:\d\d:\d\d)$/.exec(line.trim().slice(-30))
      // What the kernel would call available is a little less: part of the cache cannot be given back.
      const parts = cells.slice(3, 6).map(cell => whole(cell))
      const availableBytes = parts.includes(null)
        ? null
        : parts.reduce((sum: number, part) => sum + (part ?? 0), 0) * KIB
      const at = stamp === null ? null : stampSeconds(`${stamp[1]} ${stamp[2]}`, atSeconds)
      return reading({ of: 'node', availableBytes, atSeconds: at ?? atSeconds })
    },
  },
  {
    format: 'sar',
    header: /^\d\d:\d\d:\d\d(?: [AP]M)? +kbmemfree +(?:kbavail +)?kbmemused +%memused\b/,
    read: (line, { has }, { atSeconds }) => {
      const match = /^(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?: (?<half>[AP]M))? +(?<cells>\d[\d. ]*)$/.exec(
        line.trim().slice(0, 400),
      )
      if (match?.groups === undefined) return null
      const cells = match.groups['cells']!.trim().split(/ +/)
      const kib = (at: number) => (whole(cells[at]) ?? Number.NaN) * KIB
      // kbavail since sysstat 11.5.7; before it free, buffers and cached, of which kbmemused holds the last two
      const available = has('kbavail') ? kib(1) : kib(0) + kib(3) + kib(4)
      if (Number.isNaN(available)) return null
      const total = has('kbavail') ? null : kib(0) + kib(1)
      return reading({
        of: 'node',
        availableBytes: available,
        limitBytes: total,
        atSeconds: afterMidnight(clockSeconds(match.groups), atSeconds),
      })
    },
  },
]

function freeReading(
  total: string | null | undefined,
  available: string | undefined,
  around: Around,
  used?: string,
): RowFacts | null {
  const letters = /[A-Za-z]/.test(`${total ?? ''}${available}`)
  const size = (text: string | null | undefined) => (text == null ? null : sizeBytes(text, KIB))
  const unit = letters
    ? 1
    : unitOf(around.command, Math.max(size(total) ?? 0, (size(available) ?? 0) + (size(used) ?? 0)))
  const availableBytes = size(available)
  if (unit === null || availableBytes === null) return null
  const bytes = size(total) ?? (used === undefined ? null : availableBytes + (size(used) ?? 0))
  return reading({
    of: 'node',
    availableBytes: availableBytes * unit,
    limitBytes: bytes === null ? null : bytes * unit,
    usedBytes: bytes === null ? null : (bytes - availableBytes) * unit,
    atSeconds: around.atSeconds,
  })
}

/**
 * Bytes of a number without a unit: what the command in the text asked for, else what makes a machine of 1 GB to 1 TB of it.
 */
function unitOf(command: string, total: number): number | null {
  const flag = /\bfree (?:[^|;&]* )?-[a-z]*?([bkmg])(?![a-z-]*=)/.exec(command)?.[1]
  if (flag !== undefined) return flag === 'b' ? 1 : flag === 'k' ? KIB : flag === 'm' ? KIB ** 2 : KIB ** 3
  if (/\bfree\b/.test(command) && total >= 1e5) return KIB
  if (total < 500) return null
  return total < 1e6 ? KIB ** 2 : total < 2e9 ? KIB : 1
}
