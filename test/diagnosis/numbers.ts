/** Finds the numbers in a finding's sentence that do not follow from its evidence. */
import { bytes, share, span, stamp } from '../../src/diagnosis/words.ts'
import type { Finding } from '../../src/model/report.ts'

/** Numbers that belong to the wording and not to the incident, each with the words that it must stand in. */
const ofTheWording = [
  /within 10 s after/g,
  /within 10 min/g,
  /exit code 137|exit with 137|its exit with 137/g,
  /oom_score_adj -?1000/g,
  /from 1\.28 on/g,
  /less than 1 s/g,
  /cgroup v[12]/g,
  /vm\.[a-z_]+=1/g,
]

export const strayNumbers = (finding: Finding): string[] => {
  let text = finding.explanation
  for (const wording of ofTheWording) text = text.replace(wording, '')
  // Names may hold digits: what stands in evidence as text is taken out whole, longest first.
  const texts = finding.evidence.flatMap(({ field, value }) => [
    typeof value === 'string' ? value : '',
    typeof value === 'string' ? stamp(value) : '',
    /(?:comm|name)=([^\]]+)\]/.exec(field)?.[1] ?? '',
  ])
  for (const each of texts.filter(value => /\d/.test(value)).sort((a, b) => b.length - a.length))
    text = text.replaceAll(each, '')
  const values = finding.evidence.map(({ value }) => value).filter(value => typeof value === 'number')
  const known = new Set<string>()
  for (const a of values) {
    for (const form of [bytes(a), span(a), String(a)]) known.add(form)
    for (const b of values)
      for (const form of [share(a, b), share(a + b, a), bytes(a + b), bytes(a - b)]) known.add(form)
    for (const b of values) for (const c of values) known.add(share(a + b, c))
  }
  const numbers = text.match(/(?<![\w.-])-?\d+(?:\.\d+)?(?: (?:%|bytes|[KMGT]iB|h \d+ min|days|min|s|h)(?!\w))?/g) ?? []
  return numbers.filter(number => !known.has(number) && ![...known].some(form => form === number.trim()))
}
