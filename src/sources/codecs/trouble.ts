import { SourceError } from '../source.ts'

/** The input ends before the compressed data does. */
export const truncated = (path: string, codec: string, byte: number): SourceError =>
  new SourceError(path, `${codec}: truncated at byte ${byte}; what came before it was read`)

/** The compressed data contradicts itself or its checksum. */
export const damaged = (path: string, codec: string, byte: number, what: string): SourceError =>
  new SourceError(path, `${codec}: damaged at byte ${byte}: ${what}; what came before it was read`)

/** Something else follows whole compressed data. */
export const trailing = (path: string, codec: string, byte: number): SourceError =>
  new SourceError(path, `${codec}: bytes from byte ${byte} on are not ${codec}; all before them was read`)

/** Sound, but written with a feature that the reader lacks. */
export const unsupported = (path: string, codec: string, byte: number, what: string, hint: string): SourceError =>
  new SourceError(path, `${codec}: cannot be read from byte ${byte} on: ${what}; try: ${hint}`)
