import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chatterText } from '../bench/generate.mjs'
import { createRandom } from '../bench/random.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MODULES = `
export { programs } from './src/recognisers/index.ts'
export { needlesOf } from './src/recognisers/recognise.ts'
export { envelopeNeedles } from './src/envelopes/index.ts'
export { BUCKETS, chooseFingerprints, shareByPairs } from './src/sieve/fingerprints.ts'
`
/** What the pairs of bytes promise counts little beside what was counted, but words that our chatter lacks exist. */
const PAIRS_WEIGHT = 0.05
const TRIES = 100_000
/** Of a needle's places, so many of the rarest are tried. */
const CHOICE = 12
const SEED = 1
/** How much worse a change may be that is taken all the same, at first: share of places. */
const HEAT = 1e-4

/**
 * The needles of all recognisers and envelopes, and a fingerprint for each, so that as few places as possible of a
 * healthy node's log look like one. About three seconds.
 *
 * fingerprints.ts takes one needle after the other and stays where no single change helps. From there on changes are
 * tried at random, worse ones taken too, ever less so (simulated annealing): a third of the candidates are left.
 */
export const chooseForProgram = async () => {
  const { programs, needlesOf, envelopeNeedles, BUCKETS, chooseFingerprints, shareByPairs } = await load()
  const needles = [...needlesOf(programs).map(({ text }) => text), ...envelopeNeedles]
  const shares = sharesOfThree(chatterText(4_000_000), shareByPairs)
  const shareOf = (firsts, seconds, thirds) => {
    let sum = 0
    for (const first of firsts) {
      for (const second of seconds) {
        const row = (first << 14) | (second << 7)
        for (const third of thirds) sum += shares[row | third]
      }
    }
    return sum
  }
  const chosen = chooseFingerprints(needles, shareOf, { rounds: 4, choice: CHOICE })
  const shareOfBucket = bucket => shareOf(...bytesLetThrough(needles, chosen, bucket))
  const random = createRandom(SEED)
  const offsets = needles.map(text => rarestOffsets(text, shares))
  const perBucket = Array.from({ length: BUCKETS }, (_, bucket) => shareOfBucket(bucket))
  const sum = () => perBucket.reduce((a, b) => a + b)
  let best = [...chosen]
  let least = sum()
  for (let tried = 0; tried < TRIES; tried++) {
    const index = random.below(needles.length)
    const before = chosen[index]
    const after = { offset: random.pick(offsets[index]), bucket: random.below(BUCKETS) }
    const was = [perBucket[before.bucket], perBucket[after.bucket]]
    const from = sum()
    chosen[index] = after
    for (const { bucket } of [before, after]) perBucket[bucket] = shareOfBucket(bucket)
    const worse = sum() - from
    const heat = HEAT * (1 - tried / TRIES) ** 2
    if (worse > 0 && Math.exp(-worse / heat) * 1e6 < random.below(1e6)) {
      chosen[index] = before
      ;[perBucket[before.bucket], perBucket[after.bucket]] = was
    } else if (sum() < least) {
      least = sum()
      best = [...chosen]
    }
  }
  return { needles, fingerprints: best, share: least }
}

const load = async () => {
  const { outputFiles } = await build({
    stdin: { contents: MODULES, resolveDir: ROOT, sourcefile: 'needles.ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

/** The share of places at which three bytes of ASCII stand, by their codes: counted in a text, and by pairs. */
const sharesOfThree = (text, shareByPairs) => {
  const shares = new Float64Array(1 << 21)
  const code = at => text.charCodeAt(at) & 127
  for (let i = 2; i < text.length; i++) shares[(code(i - 2) << 14) | (code(i - 1) << 7) | code(i)] += 1 / text.length
  for (let i = 0; i < shares.length; i++) {
    shares[i] += PAIRS_WEIGHT * shareByPairs([i >> 14], [(i >> 7) & 127], [i & 127])
  }
  return shares
}

const rarestOffsets = (text, shares) => {
  const codes = [...text].map(character => character.charCodeAt(0))
  const shareAt = offset => shares[(codes[offset] << 14) | (codes[offset + 1] << 7) | codes[offset + 2]]
  const offsets = Array.from({ length: codes.length - 2 }, (_, offset) => offset)
  return offsets.sort((a, b) => shareAt(a) - shareAt(b)).slice(0, CHOICE)
}

/** First, second and third bytes that a bucket's tables let through: they know halves of bytes only. */
const bytesLetThrough = (needles, chosen, bucket) => {
  const halves = [0, 1, 2].map(() => ({ low: 0, high: 0 }))
  for (const [index, fingerprint] of chosen.entries()) {
    if (fingerprint.bucket !== bucket) continue
    for (const [i, half] of halves.entries()) {
      const byte = needles[index].charCodeAt(fingerprint.offset + i)
      half.low |= 1 << (byte & 15)
      half.high |= 1 << (byte >> 4)
    }
  }
  return halves.map(({ low, high }) => {
    const bytes = []
    for (let h = 0; h < 8; h++)
      if ((high >> h) & 1) for (let l = 0; l < 16; l++) if ((low >> l) & 1) bytes.push(h * 16 + l)
    return bytes
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { needles, fingerprints, share } = await chooseForProgram()
  for (const [index, { offset, bucket }] of fingerprints.entries()) {
    console.log(bucket, JSON.stringify(needles[index].slice(offset, offset + 3)), JSON.stringify(needles[index]))
  }
  console.log(`${Math.round(share * 1e6)} candidates a megabyte`)
}
