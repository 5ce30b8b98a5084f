import { readIso } from './iso-stamp.ts'

/** The sender's own stamp inside its text: whole, and nearer to what happened than the envelope's. */
export interface OwnTime {
  /** Epoch ms. */
  readonly ms: number
  readonly iso: string
}

/** `time="2022-03-15T09:22:41.553168162+09:00"` at the start of a logfmt line; `null` where there is none. */
export function ownTimeOf(message: string): OwnTime | null {
  if (!message.startsWith('time="20')) return null
  const end = message.indexOf('"', 6)
  if (end < 25 || end > 46) return null
  const read = readIso(message, 6, message[16] === ' ' ? ' ' : 'T')
  if (read?.stamp.kind !== 'full' || read.width !== end - 6) return null
  return { ms: read.stamp.ms, iso: read.stamp.iso }
}
