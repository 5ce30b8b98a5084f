import type { Scanner } from './scanner.ts'

const LINE_FEED = 10

/** {@link Scanner} in plain JavaScript: for each needle its next place, the smallest one is the hit. */
export const createJsScanner = (needles: readonly string[]): Scanner => {
  const wanted = needles.map(text => Buffer.from(text, 'latin1'))
  const places: number[] = wanted.map(() => 0)
  let block: Buffer = Buffer.alloc(0)
  let start = 0
  let end = 0

  const find = (index: number, from: number): void => {
    const place = block.indexOf(wanted[index]!, from)
    places[index] = place < 0 ? end : place
  }
  const choose = (): void => {
    scanner.at = end
    for (let i = 0; i < places.length; i++) {
      if (places[i]! < scanner.at) {
        scanner.at = places[i]!
        scanner.needle = i
      }
    }
  }

  const scanner = {
    at: 0,
    needle: 0,
    begin(bytes: Buffer, from: number, to: number) {
      block = to === bytes.length ? bytes : bytes.subarray(0, to)
      start = from
      end = to
      for (let i = 0; i < wanted.length; i++) find(i, from)
      choose()
    },
    lineStart() {
      return scanner.at === start ? start : Math.max(start, block.lastIndexOf(LINE_FEED, scanner.at - 1) + 1)
    },
    next() {
      if (scanner.at >= end) return
      find(scanner.needle, scanner.at + 1)
      choose()
    },
    lineFeedsBefore(upTo: number, since: number, known: number) {
      let feeds = known
      for (let i = block.indexOf(LINE_FEED, since); i >= 0 && i < upTo; i = block.indexOf(LINE_FEED, i + 1)) feeds++
      return feeds
    },
  }
  return scanner
}
