/** The limit of a systemd unit or slice was hit: no pod's problem. */
import { isInPod, limitedMemory, limitOwner, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

/** A unit of a user's own systemd, which the host's does not know. */
const ofUser = /\/user@(\d{1,10})\.service\/.*[^/]$/

const unitName = /^[\w.@:-]+\.(?:service|slice|scope)$/

export const unitLimit: Rule = {
  code: 'unit-limit',
  examine: ({ incident }) => {
    const path = incident.cgroup?.limitPath
    if (!path || isInPod(path) || !mainReport(incident)) return null
    const owner = limitOwner(path)
    if (owner !== 'unit' && owner !== 'slice') return null
    const name = path.slice(path.lastIndexOf('/') + 1)
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    const user = ofUser.exec(path)?.[1]
    const systemctl = user === undefined ? 'systemctl' : `systemctl --user --machine=${user}@.host`
    const isReserve = name === 'system.slice' || name === 'podruntime.slice'
    return found({
      title: `The limit of ${name} was reached`,
      severity: 'warning',
      confidence: 'stated',
      explanation: `${name} reached its own limit${limit === null ? '' : ` of ${bytes(limit)}`}: this is a ${owner === 'unit' ? 'service' : 'slice'} of systemd, no pod.`,
      evidence: [proof('cgroup.limitPath', path), ...proofs([[`${seen?.at}.limitBytes`, limit]])],
      advice: `See it: ${systemctl} show -p MemoryMax,MemoryPeak ${unitName.test(name) ? `'${name}'` : 'UNIT'}\n${isReserve ? 'The kubelet sets it for --system-reserved or --kube-reserved when these are enforced.' : 'Raise MemoryMax= of the unit, or find out why it grew.'}`,
      references: ['systemd: MemoryMax='],
    })
  },
}
