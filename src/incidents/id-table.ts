import type { TextStore } from './text-store.ts'

/** Records found by a text each; what is in a record is numbers, texts by their place in the store. */
export interface IdTable {
  /** The record's number; -1 where there is none. */
  readonly find: (id: string) => number
  /** The same, and a new record of zeros where there is none; -1 for an id too long to be kept. */
  readonly findOrAdd: (id: string) => number
  /** The only record whose id begins so; {@link NONE}, or {@link SEVERAL}. */
  readonly findOnly: (beginning: string) => number
  /** Where a record's id is kept. */
  readonly idAt: (record: number) => number
  readonly get: (record: number, field: number) => number
  readonly set: (record: number, field: number, value: number) => void
  readonly size: () => number
}

export const NONE = -1
export const SEVERAL = -2

const FIRST_RECORDS = 256

/**
 * An open hash table in plain numbers.
 *
 * @param fields numbers in a record
 */
export function createIdTable(store: TextStore, fields: number): IdTable {
  let size = 0
  let ids: Int32Array = new Int32Array(FIRST_RECORDS)
  let hashes: Int32Array = new Int32Array(FIRST_RECORDS)
  let values = new Float64Array(FIRST_RECORDS * fields)
  /** Numbers of records, from 1; twice as many slots as there is place for records. */
  let slots: Int32Array = new Int32Array(FIRST_RECORDS * 2)
  /** Of the process, so that no log can be made to fill one corner of the table. */
  const seed = Math.floor(Math.random() * 2 ** 32) | 0

  /** The slot of the text that the store has prepared, or the empty one where it belongs. */
  function slotOf(hash: number): number {
    for (let slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const record = slots[slot]! - 1
      if (record < 0 || (hashes[record] === hash && store.is(ids[record]!))) return slot
    }
  }

  function grow(): void {
    ids = grown(ids, new Int32Array(ids.length * 2))
    hashes = grown(hashes, new Int32Array(hashes.length * 2))
    const more = new Float64Array(values.length * 2)
    more.set(values)
    values = more
    slots = new Int32Array(ids.length * 2)
    for (let record = 0; record < size; record++) {
      let slot = hashes[record]! & (slots.length - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = record + 1
    }
  }

  return {
    find: id => (store.prepare(id) ? slots[slotOf(store.hash(seed))]! - 1 : -1),
    findOrAdd: id => {
      if (!store.prepare(id)) return -1
      const hash = store.hash(seed)
      const found = slots[slotOf(hash)]! - 1
      if (found >= 0) return found
      if (size === ids.length) grow()
      ids[size] = store.keep()
      hashes[size] = hash
      slots[slotOf(hash)] = size + 1
      return size++
    },
    findOnly: beginning => {
      let found = NONE
      const begins = store.beginningWith(beginning)
      for (let record = 0; record < size; record++) {
        if (!begins(ids[record]!)) continue
        if (found !== NONE) return SEVERAL
        found = record
      }
      return found
    },
    idAt: record => ids[record]!,
    get: (record, field) => values[record * fields + field]!,
    set: (record, field, value) => {
      values[record * fields + field] = value
    },
    size: () => size,
  }
}

function grown(from: Int32Array, to: Int32Array): Int32Array {
  to.set(from)
  return to
}
