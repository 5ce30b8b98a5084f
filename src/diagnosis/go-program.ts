/** A program written in Go, by a name that is well known. */
import { languageFinding } from './language.ts'
import type { Rule } from './rule.ts'

const programs = new Set([
  'prometheus',
  'alertmanager',
  'etcd',
  'kube-apiserver',
  'kube-controller',
  'kube-scheduler',
  'coredns',
  'traefik',
  'thanos',
  'loki',
  'promtail',
  'vault',
  'consul',
  'minio',
  'telegraf',
  'influxd',
  'argocd',
  'node_exporter',
  'kube-state-metr',
  'velero',
  'otelcol',
  'otelcol-contrib',
  'vmagent',
  'vmstorage',
  'cadvisor',
])

export const goProgram: Rule = {
  code: 'go-program',
  examine: ({ incident }) =>
    languageFinding(incident, {
      name: 'a Go program',
      isIts: comm => programs.has(comm),
      meaning: 'its collector lets garbage pile up, by default as much as is in use, and knows nothing of the limit of',
      advice:
        'Set GOMEMLIMIT in its environment somewhat below the limit (about 90 % is usual), so that it collects earlier near it. It does not help against a leak: take a heap profile (pprof).',
      references: ['go: GOMEMLIMIT'],
    }),
}
