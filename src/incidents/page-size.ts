/** What a report shows of the machine's page size. */
export interface PageSizeWitness {
  /** First term of a buddy line, bytes. */
  readonly smallestBlockBytes: number | null
  /** Largest "no limit" value seen in a usage line, kB; it is the largest page count times the page size. */
  readonly noLimitKb: number | null
  readonly kernelRelease: string | null
  /** The victim's row (pages) against its kill line (bytes). */
  readonly victim: {
    readonly rssPages: number
    readonly rssBytes: number
    readonly totalVmPages: number
    readonly totalVmBytes: number | null
  } | null
}

const SIZES = [4096, 8192, 16384, 65536]

/**
 * Page size in bytes by the contract's rule: buddy list, `+64k` release, the victim's row against its kill line; else 4096.
 */
export function pageSize(witness: PageSizeWitness): number {
  if (witness.smallestBlockBytes !== null && SIZES.includes(witness.smallestBlockBytes))
    return witness.smallestBlockBytes
  if (witness.noLimitKb === 9007199254740976) return 16384
  if (witness.noLimitKb === 9007199254740928) return 65536
  const release = /[+-](16|64)k\b/.exec(witness.kernelRelease ?? '')
  if (release) return Number(release[1]) * 1024
  // the address space seldom changes between row and kill line
  const { totalVmPages, totalVmBytes } = witness.victim ?? { totalVmPages: 0, totalVmBytes: null }
  if (totalVmPages > 0 && totalVmBytes !== null && SIZES.includes(totalVmBytes / totalVmPages))
    return totalVmBytes / totalVmPages
  if (witness.victim && witness.victim.rssPages > 64) {
    const ratio = witness.victim.rssBytes / witness.victim.rssPages
    for (const size of SIZES) if (ratio > size * 0.9 && ratio < size * 1.1) return size
  }
  return 4096
}
