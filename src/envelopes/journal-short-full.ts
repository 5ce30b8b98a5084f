import type { Stamp } from '../model/record.ts'
import type { Envelope } from './envelope.ts'
import { type IsoRead, readIso } from './iso-stamp.ts'
import { identOfUnit, readSender } from './sender.ts'
import { parsedOf } from './short.ts'

/** `Tue 2022-03-15 09:22:41 KST node1 kernel: text`; with-unit puts the unit before the ident: `x.service/x[12]`. */
export const journalShortFull: Envelope = {
  name: 'journal-short-full',
  source: 'systemd journalctl -o short-full, with-unit',
  samples: [
    {
      line: 'Tue 2022-03-15 09:22:41 KST node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      line: 'Tue 2022-03-15 00:22:41 UTC node1 containerd.service/containerd[1190]: time="x"',
      expect: {
        stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T00:22:41Z' },
        ident: 'containerd',
        pid: 1190,
        message: 'time="x"',
      },
    },
    {
      line: 'Di 2022-03-15 07:22:41 +07 node1 kubelet.service[77]: x',
      expect: {
        stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T07:22:41+07:00' },
        ident: 'kubelet',
        pid: 77,
      },
    },
  ],
  parse: text => {
    const head = readFullStamp(text)
    // The verbose form's head goes on with a cursor in brackets.
    if (head === null || text.startsWith(' [s=', head.end)) return null
    const sender = readSender(text, head.end)
    if (sender === null) return null
    const ident = sender.ident === null ? null : identOfUnit(sender.ident)
    return parsedOf(text, head.stamp, head.precise ? 'journal' : 'syslog', { ...sender, ident })
  },
}

interface FullStamp {
  readonly stamp: Stamp
  readonly precise: boolean
  /** Index after the zone. */
  readonly end: number
}

/** `Tue 2022-03-15 09:22:41.553168 KST`: weekday in any language, zone as a name or `+07`. */
export function readFullStamp(text: string): FullStamp | null {
  const date = text.indexOf(' ') + 1
  if (date < 2 || date > 12) return null
  const read = readIso(text, date, ' ')
  if (read === null || read.offset !== null) return null
  const zoneAt = date + read.width + 1
  if (text[zoneAt - 1] !== ' ') return null
  const zoneEnd = text.indexOf(' ', zoneAt)
  if (zoneEnd < 0) return null
  const zone = text.slice(zoneAt, zoneEnd)
  if (!/^(?:[A-Z][A-Za-z]{1,5}|[+-]\d\d(?:\d\d)?)$/.test(zone)) return null
  return { stamp: inZone(text, date, read, zone), precise: read.fractionDigits > 0, end: zoneEnd }
}

/** UTC and numbers are offsets; other names (`KST`, `CST`) mean several, so the stamp stays local. */
function inZone(text: string, at: number, read: IsoRead, zone: string): Stamp {
  const offset =
    zone === 'UTC' ? 'Z' : zone.length === 3 && /^[+-]/.test(zone) ? `${zone}:00` : /^[+-]/.test(zone) ? zone : null
  if (offset === null) return read.stamp
  return readIso(`${text.slice(at, at + read.width)}${offset}`, 0, ' ')?.stamp ?? read.stamp
}
