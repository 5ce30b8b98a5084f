import type { Reading } from '../model/saved.ts'
import { dockerName } from './identity-tables.ts'
import { quantityBytes } from './pod-objects.ts'
import { sizeBytes } from './quantity.ts'
import type { RowFacts, Table } from './table.ts'

const ID = /^[0-9a-f]{12,64}$/
/** `df3d0a4b1c2e   web   0.05%   13.2MiB / 512MiB   2.58%   …`; `--` for a container that is gone. */
const DOCKER_ROW =
  /^(?<id>\S{1,255}) +(?:(?<name>\S{1,255}) +)?[\d.]{1,12}% +(?<used>[\d.]{1,15}[A-Za-z]{1,3}) \/ (?<limit>[\d.]{1,15}[A-Za-z]{1,3})\s/

/** Tables that tell how much memory a container, a pod or a node uses. */
export const usageTables: readonly Table[] = [
  {
    // NAME since crictl 1.24, SWAP since 1.30. Sizes by go-units HumanSize: thousands.
    format: 'crictl-stats',
    header: /^CONTAINER +(?:NAME +)?CPU % +MEM +DISK +INODES\b/,
    read: (line, { words }) => {
      const row = words(line)
      const id = row?.get('CONTAINER')
      if (row === null || id === undefined || !ID.test(id)) return null
      return reading({
        of: 'container',
        containerId: id,
        container: row.get('NAME') ?? null,
        usedBytes: sizeBytes(row.get('MEM') ?? '', 1000),
      })
    },
  },
  {
    // podman: `ID NAME CPU % …`. Sizes by go-units BytesSize: 1024, and `MiB` says so; podman's HumanSize says `MB`.
    format: 'docker-stats',
    header: /^(?:CONTAINER(?: ID)?|ID) +(?:NAME +)?CPU % +(?:AVG CPU % +)?MEM USAGE \/ LIMIT +MEM %/,
    read: (line, { has }) => {
      const row = line.length > 1000 ? undefined : DOCKER_ROW.exec(line)?.groups
      if (row === undefined) return null
      const id = row['id'] ?? ''
      const name = row['name'] ?? (ID.test(id) ? null : id)
      const k8s = dockerName(name ?? '')
      if (!has('NAME') && row['name'] !== undefined) return null
      return reading({
        of: 'container',
        containerId: ID.test(id) ? id : null,
        container: k8s?.container ?? name,
        podName: k8s?.podName ?? null,
        namespace: k8s?.namespace ?? null,
        usedBytes: sizeBytes(row['used'] ?? '', 1000),
        limitBytes: limitOf(sizeBytes(row['limit'] ?? '', 1000)),
      })
    },
  },
  {
    format: 'kubectl-top-pod',
    header: /^(?:NAMESPACE +)?POD +NAME +CPU\(cores\) +MEMORY\(bytes\)/,
    read: (line, { words }) => {
      const row = words(line)
      if (row === null) return null
      return reading({
        of: 'container',
        podName: row.get('POD') ?? null,
        container: row.get('NAME') ?? null,
        namespace: row.get('NAMESPACE') ?? null,
        usedBytes: quantityBytes(row.get('MEMORY(bytes)')),
      })
    },
  },
  {
    format: 'kubectl-top-node',
    // `CPU(%)` and `MEMORY(%)` since kubectl 1.32
    header: /^NAME +CPU\(cores\) +CPU(?:%|\(%\)) +MEMORY\(bytes\) +MEMORY(?:%|\(%\))/,
    read: (line, { words }) => {
      const row = words(line)
      const usedBytes = quantityBytes(row?.get('MEMORY(bytes)'))
      const percent = /^(\d{1,3})%$/.exec(row?.get('MEMORY%') ?? row?.get('MEMORY(%)') ?? '')?.[1]
      if (row === null || usedBytes === null || percent === undefined) return null
      // The share is of what is allocatable and is rounded down: the whole is known to the nearest percent only.
      const limitBytes = Number(percent) > 0 ? Math.round((usedBytes * 100) / Number(percent)) : null
      return reading({ of: 'node', node: row.get('NAME') ?? null, usedBytes, limitBytes })
    },
  },
  {
    format: 'kubectl-top-pod',
    header: /^(?:NAMESPACE +)?NAME +CPU\(cores\) +MEMORY\(bytes\)\s*$/,
    read: (line, { words }) => {
      const row = words(line)
      if (row === null) return null
      return reading({
        of: 'pod',
        podName: row.get('NAME') ?? null,
        namespace: row.get('NAMESPACE') ?? null,
        usedBytes: quantityBytes(row.get('MEMORY(bytes)')),
      })
    },
  },
]

/** Without a limit docker prints the memory of the machine, which is no whole number of MiB (`15.51GiB`); limits mostly are. */
const limitOf = (bytes: number | null): number | null =>
  bytes !== null && bytes > 0 && bytes % 1024 ** 2 === 0 ? bytes : null

const nothing: Reading = {
  kind: 'reading',
  of: 'container',
  containerId: null,
  container: null,
  podName: null,
  namespace: null,
  node: null,
  usedBytes: null,
  availableBytes: null,
  limitBytes: null,
  atSeconds: null,
}

/** null where no size could be read: then the line was no row. */
export function reading(given: Partial<Reading>): RowFacts | null {
  const one = { ...nothing, ...given }
  return one.usedBytes === null && one.availableBytes === null ? null : { saved: [one] }
}
