import type { Line } from './line.ts'

/** Calendar fields of a stamp, as printed; `month` from 1. `fraction` is the digits after the point, or ''. */
export interface CalendarFields {
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly fraction: string
}

/**
 * When a line says it was written, before year and zone are known. `envelopes/clock.ts` makes a {@link Moment} of it.
 *
 * - `full`: year and offset are printed. `ms` is epoch milliseconds; `iso` is ISO 8601 with fraction and offset as printed.
 * - `local`: the year is printed, the offset is not, or is a name (`dmesg -T`, `journalctl -o short-full`).
 * - `yearless`: neither (RFC 3164, `journalctl -o short`).
 *
 * `writtenMs`: epoch milliseconds that an envelope around this one says (a CRI record of a shipper's output), so at or after
 * the stamp; absent where there is none.
 */
export type Stamp =
  | { readonly kind: 'full'; readonly ms: number; readonly iso: string }
  | ({ readonly kind: 'local'; readonly year: number; readonly writtenMs?: number } & CalendarFields)
  | ({ readonly kind: 'yearless'; readonly writtenMs?: number } & CalendarFields)

/** Who wrote the stamp: decides which stamp is the most precise one (see the contract, `timeFrom`). */
export type StampFrom = 'containerd' | 'journal' | 'syslog' | 'kernel'

/** A resolved time. */
export interface Moment {
  /** Epoch milliseconds (may carry a fraction of a millisecond). */
  readonly ms: number
  /** ISO 8601, fraction as printed, with offset. */
  readonly iso: string
  readonly from: StampFrom
}

/**
 * Who said what when: a line without its envelope. One line can be several records (rsyslog writes a line feed inside a
 * message as `#012`).
 */
export interface LogRecord {
  readonly line: Line
  /** The envelope's stamp; `null` when the line carries none, or only an uptime. */
  readonly stamp: Stamp | null
  /** Whose clock wrote {@link stamp}. */
  readonly stampFrom: StampFrom
  /** Name of the envelope in the table (`rfc3164`, `dmesg`, …), for `Source.format`. */
  readonly envelope: string
  /** `null` when the line names none. */
  readonly host: string | null
  /** Tag or program: `kernel`, `containerd`, `kubelet`. `null` when the line names none. */
  readonly ident: string | null
  /** The pid in the tag. */
  readonly pid: number | null
  /** Seconds since boot, from the kernel's own `[  123.456789]` or a kmsg record. */
  readonly uptimeSeconds: number | null
  /** printk caller (`T1234`, `C0`), where the kernel prints it. Tells interleaved reports apart. */
  readonly caller: string | null
  /** systemd's boot id, where the journal gives it. */
  readonly bootId: string | null
  /** The sender's own text: envelope, printk stamp and escapes of the daemons taken away. */
  readonly message: string
  /** True where the record is the continuation of a message that held a line feed (`#012`, an indented dmesg line). */
  readonly continued: boolean
}
