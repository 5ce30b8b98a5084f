/** A whole number as printed; null where it is missing or too big to be exact. */
export function int(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

/** kB, which the kernel means as 1024 bytes, to bytes. */
export function kib(text: string | undefined): number | null {
  const value = int(text)
  return value === null || !Number.isSafeInteger(value * 1024) ? null : value * 1024
}

/**
 * The kernel prints "no limit" as its largest page count in kB: 9007199254740988, …976 and …928 with 16 and 64 kB pages,
 * …991 and 18014398509481983 on old kernels. All are 2^50 or more; no machine has that much.
 */
const NO_LIMIT_KB = 2 ** 50

/** A limit in kB to bytes; null: no limit. */
export function limitKib(text: string | undefined): number | null {
  return text !== undefined && Number(text) < NO_LIMIT_KB ? kib(text) : null
}

/** `free:14848kB shmem_thp: 0kB pages_scanned:0` by key: sizes in bytes, plain counts as they are. */
export function keyedNumbers(text: string): Record<string, number> {
  const numbers: Record<string, number> = Object.create(null)
  for (const match of text.matchAll(/(?<!\w)([A-Za-z_]\w{0,60}(?:\([a-z]{1,8}\))?): ?(\d{1,16})([kK]B)?(?![\w.])/g)) {
    const value = match[3] === undefined ? int(match[2]) : kib(match[2])
    if (value !== null) numbers[match[1]!] = value
  }
  return { ...numbers }
}
