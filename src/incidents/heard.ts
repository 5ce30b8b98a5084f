/** Lines that a report has had, so that one which two daemons wrote counts once. */
export interface Heard {
  /**
   * Whether the line was written before: the same words with the same uptime, or once with and once without one. The same
   * words without any uptime may be the next report's. A line that was not is remembered.
   */
  readonly again: (message: string, uptimeSeconds: number | null) => boolean
}

/**
 * Nearly all lines are newer than those before, or bear no uptime as none does: these are only put down, and looked up by
 * their words from the first on that may be a second copy.
 *
 * @param limit lines that are remembered
 */
export function createHeard(limit: number): Heard {
  const messages: string[] = []
  const uptimes: (number | null)[] = []
  const byMessage = new Map<string, (number | null)[]>()
  let indexed = 0
  let newest = Number.NEGATIVE_INFINITY
  let hasBare = false

  function remember(message: string, uptimeSeconds: number | null): void {
    if (messages.length >= limit) return
    messages.push(message)
    uptimes.push(uptimeSeconds)
    if (uptimeSeconds === null) hasBare = true
    else if (uptimeSeconds > newest) newest = uptimeSeconds
  }

  /** With which uptimes a message came. */
  function before(message: string): readonly (number | null)[] {
    for (; indexed < messages.length; indexed++) {
      const known = byMessage.get(messages[indexed]!)
      if (known) known.push(uptimes[indexed]!)
      else byMessage.set(messages[indexed]!, [uptimes[indexed]!])
    }
    return byMessage.get(message) ?? []
  }

  return {
    again: (message, uptimeSeconds) => {
      const mayBe = uptimeSeconds === null ? newest >= 0 : hasBare || uptimeSeconds <= newest
      const known = mayBe ? before(message) : []
      const isCopy = (other: number | null) =>
        uptimeSeconds === null ? other !== null : other === null || other === uptimeSeconds
      if (known.some(isCopy)) return true
      remember(message, uptimeSeconds)
      return false
    },
  }
}
