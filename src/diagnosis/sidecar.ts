/** By its name the container is a sidecar that somebody injected, with resources of its own. */
import type { Incident } from '../model/report.ts'
import { limitedMemory, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

interface Sidecar {
  readonly names: readonly string[]
  readonly advice: string
}
/** Add names as they stand in a pod. */
const sidecars: readonly Sidecar[] = [
  {
    names: ['istio-proxy'],
    advice:
      'Istio sets its limit by the annotation sidecar.istio.io/proxyMemoryLimit of the pod, or global.proxy.resources of the mesh.',
  },
  {
    names: ['linkerd-proxy'],
    advice: 'Linkerd sets its limit by the annotation config.linkerd.io/proxy-memory-limit of the pod.',
  },
  { names: ['daprd'], advice: 'Dapr sets its limit by the annotation dapr.io/sidecar-memory-limit of the pod.' },
  {
    names: ['vault-agent'],
    advice: 'Vault sets its limit by the annotation vault.hashicorp.com/agent-limits-mem of the pod.',
  },
  {
    names: [
      'envoy',
      'envoy-sidecar',
      'cloud-sql-proxy',
      'cloudsql-proxy',
      'fluent-bit',
      'fluentd',
      'filebeat',
      'jaeger-agent',
      'otc-container',
      'consul-dataplane',
      'queue-proxy',
      'aws-xray-daemon',
      'datadog-agent',
    ],
    advice: 'Set the resources of this container itself; those of the application do not count for it.',
  },
]

/** A process of another name than the victims' that held at least half of the pod's memory. */
const biggestOther = (incident: Incident) => {
  const seen = mainReport(incident)
  const memory = limitedMemory(incident)
  const usage = memory?.memory.usageBytes
  if (!seen || !memory || !usage) return null
  const names = new Set(incident.victims.map(victim => victim.comm))
  const index = seen.report.processes.findIndex(
    row => !names.has(row.comm) && row.rssBytes !== null && row.rssBytes >= 0.5 * usage && row.rssBytes <= 1.05 * usage,
  )
  const row = seen.report.processes[index]
  if (!row?.rssBytes) return null
  return { row, size: row.rssBytes, at: `${seen.at}.processes[${index}]`, usage, usageField: `${memory.at}.usageBytes` }
}

export const sidecar: Rule = {
  code: 'sidecar',
  examine: ({ incident }) => {
    const name = incident.container?.name
    const entry = sidecars.find(each => name && each.names.includes(name))
    if (!name || !entry || !incident.pod || !mainReport(incident)) return null
    if (incident.scope !== 'container' && incident.scope !== 'pod') return null
    const biggest = incident.scope === 'pod' ? biggestOther(incident) : null
    const evidence = [proof('container.name', name), proof('scope', incident.scope)]
    if (biggest)
      return found({
        title: `The sidecar ${name} was the victim, ${biggest.row.comm} held the memory`,
        severity: 'warning',
        confidence: 'likely',
        explanation: `By its name the victim's container is a sidecar (${name}), but the limit is the pod's, and ${biggest.row.comm} had ${bytes(biggest.size)} resident of the ${bytes(biggest.usage)} in use.`,
        evidence: [
          ...evidence,
          proof(`${biggest.at}.comm`, biggest.row.comm),
          proof(`${biggest.at}.rssBytes`, biggest.size),
          proof(biggest.usageField, biggest.usage),
        ],
        advice: `Look at ${biggest.row.comm} first: a higher limit of the sidecar does not help.`,
      })
    return found({
      title: `The sidecar ${name} was the victim`,
      severity: 'warning',
      confidence: 'likely',
      explanation:
        incident.scope === 'container'
          ? `By its name the container is a sidecar (${name}): it reached its own limit, not the application's.`
          : `By its name the victim's container is a sidecar (${name}), but the limit is the pod's: the application beside it may be the one that grew.`,
      evidence,
      advice: incident.scope === 'container' ? entry.advice : null,
    })
  },
}
