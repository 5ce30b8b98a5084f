import { createIdTable, type IdTable, NONE } from './id-table.ts'
import { createTextStore, type TextStore } from './text-store.ts'

/** Records of one kind by their id: the newest of them, in a bounded room. */
export interface Remembered {
  readonly find: (id: string) => RecordOf | null
  /** By a beginning that only one id has. */
  readonly findOnly: (beginning: string) => RecordOf | null
  /** A new record where there is none; null for an id that is too long to be kept. */
  readonly findOrAdd: (id: string) => RecordOf | null
  /** Who is known is met again. */
  readonly meet: (id: string) => void
  /** True once something had to be forgotten. */
  readonly forgot: () => boolean
}

/** One record. To be used at once: the next call may move it. */
export interface RecordOf {
  readonly of: Generation
  readonly record: number
}

export const idOf = ({ of, record }: RecordOf): string => of.store.read(of.table.idAt(record)) ?? ''
export const textOf = ({ of, record }: RecordOf, field: number): string | null =>
  of.store.read(of.table.get(record, field))
export const numberOf = ({ of, record }: RecordOf, field: number): number => of.table.get(record, field)
export const setText = ({ of, record }: RecordOf, field: number, text: string | null): void =>
  of.table.set(record, field, of.store.add(text))
export const setNumber = ({ of, record }: RecordOf, field: number, value: number): void =>
  of.table.set(record, field, value)

interface Generation {
  readonly store: TextStore
  readonly table: IdTable
}

/**
 * What is full is put aside and a new room begun; the one that was put aside before is forgotten. Who is met again is
 * carried over, so that at least the `limit` met last are known, and at most twice as many.
 *
 * @param texts fields of a record that are texts; they come first
 * @param numbers fields that are numbers, 0 where nothing was set
 */
export function createRemembered(limit: number, texts: number, numbers: number): Remembered {
  const newGeneration = (): Generation => {
    const store = createTextStore()
    return { store, table: createIdTable(store, texts + numbers) }
  }
  let current = newGeneration()
  let previous: Generation | null = null
  let forgot = false

  function carryOver(from: Generation, older: number, record: number): void {
    for (let field = 0; field < texts + numbers; field++) {
      const value = from.table.get(older, field)
      current.table.set(record, field, field < texts ? current.store.add(from.store.read(value)) : value)
    }
  }

  function findOrAdd(id: string): RecordOf | null {
    const size = current.table.size()
    const record = current.table.findOrAdd(id)
    if (record < 0) return null
    if (current.table.size() > size && previous !== null) {
      const older = previous.table.find(id)
      if (older >= 0) carryOver(previous, older, record)
    }
    const found = { of: current, record }
    if (current.table.size() > limit) {
      forgot ||= previous !== null
      previous = current
      current = newGeneration()
    }
    return found
  }

  return {
    find: id => {
      const record = current.table.find(id)
      if (record >= 0) return { of: current, record }
      const older = previous?.table.find(id) ?? NONE
      return previous === null || older < 0 ? null : { of: previous, record: older }
    },
    findOnly: beginning => {
      const record = current.table.findOnly(beginning)
      const older = previous?.table.findOnly(beginning) ?? NONE
      if (record === NONE) return previous === null || older < 0 ? null : { of: previous, record: older }
      // who was carried over stands in both
      const isAlone =
        older === NONE || (older >= 0 && idOf({ of: previous!, record: older }) === idOf({ of: current, record }))
      return record >= 0 && isAlone ? { of: current, record } : null
    },
    findOrAdd,
    meet: id => {
      if (previous !== null && previous.table.find(id) >= 0) findOrAdd(id)
    },
    forgot: () => forgot,
  }
}
