import { test } from 'vitest'
import { reportOfFiles } from '../support/report-of.ts'
import { text } from '../../src/writers/text.ts'
test('x', async () => {
  for (const set of [
    ['fixtures/kernel/el7-pod-of-one-container.log', 'fixtures/listings/crictl-ps.txt','fixtures/listings/kubectl-get-pods.txt','fixtures/listings/kubectl-describe-pod.txt', 'fixtures/listings/kubectl-top-pod.txt'],
    ['crictl-ps','crictl-stats','docker-stats','free-every-second','vmstat','sar','kubectl-top-node','kubectl-get-pods'].map(n => `fixtures/listings/${n}.txt`)]) {
    const r = await reportOfFiles(set)
    const w = text.open({ columns: 120, color: false, raw: false, follow: false })
    console.log(w.begin() + r.incidents.map(i => w.incident(i)).join('') + w.end(r))
    console.log(r.sources.map(s => `${s.path} ${s.format} ${s.lines}`).join('\n'))
  }
})
