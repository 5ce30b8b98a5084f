import { createIdTable, type IdTable, NONE } from './id-table.ts'
import { createTextStore, type TextStore } from './text-store.ts'

/** Records of one kind by their id: the newest of them, in a bounded room. */
export interface Remembered {
  readonly find: (id: string) => RecordOf | null
  /** By a beginning that only one id has. */
  readonly findOnly: (beginning: string) => RecordOf | null
  /** A new record where there is none; null for an id that is too long to be kept. */
  readonly findOrAdd: (id: string) => RecordOf | null
  /** True once something had to be forgotten. */
  readonly forgot: () => boolean
}

/** One record. To be used at once: the next call may move it. */
export interface RecordOf {
  readonly id: () => string
  readonly text: (field: number) => string | null
  readonly setText: (field: number, text: string | null) => void
  readonly number: (field: number) => number
  readonly setNumber: (field: number, value: number) => void
}

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

  function recordOf({ store, table }: Generation, record: number): RecordOf {
    return {
      id: () => store.read(table.idAt(record)) ?? '',
      text: field => store.read(table.get(record, field)),
      setText: (field, text) => table.set(record, field, store.add(text)),
      number: field => table.get(record, field),
      setNumber: (field, value) => table.set(record, field, value),
    }
  }

  function carryOver(from: Generation, older: number, record: number): void {
    for (let field = 0; field < texts + numbers; field++) {
      const value = from.table.get(older, field)
      current.table.set(record, field, field < texts ? current.store.add(from.store.read(value)) : value)
    }
  }

  return {
    find: id => {
      const record = current.table.find(id)
      if (record >= 0) return recordOf(current, record)
      const older = previous?.table.find(id) ?? NONE
      return previous === null || older < 0 ? null : recordOf(previous, older)
    },
    findOnly: beginning => {
      const record = current.table.findOnly(beginning)
      const older = previous?.table.findOnly(beginning) ?? NONE
      if (record === NONE) return previous === null || older < 0 ? null : recordOf(previous, older)
      // who was carried over stands in both
      const isAlone =
        older === NONE || (older >= 0 && previous?.store.read(previous.table.idAt(older)) === idOf(record))
      return record >= 0 && isAlone ? recordOf(current, record) : null
    },
    findOrAdd: id => {
      const size = current.table.size()
      const record = current.table.findOrAdd(id)
      if (record < 0) return null
      if (current.table.size() > size && previous !== null) {
        const older = previous.table.find(id)
        if (older >= 0) carryOver(previous, older, record)
      }
      const found = recordOf(current, record)
      if (current.table.size() > limit) {
        forgot ||= previous !== null
        previous = current
        current = newGeneration()
      }
      return found
    },
    forgot: () => forgot,
  }

  function idOf(record: number): string | null {
    return current.store.read(current.table.idAt(record))
  }
}
