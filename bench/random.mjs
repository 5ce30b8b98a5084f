/** A seeded source of whole numbers (xorshift32) and of what logs are made of. */
export const createRandom = seed => {
  let state = seed >>> 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const below = limit => next() % limit
  const hex = digits => {
    let text = ''
    while (text.length < digits) text += next().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    pick: list => list[below(list.length)],
    hex,
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    word: length => {
      let text = ''
      for (let i = 0; i < length; i++) text += 'bcdfghjklmnpqrstvwxz2456789'[below(27)]
      return text
    },
  }
}
