import type { ListingFact } from '../model/listing.ts'
import { whole } from './object.ts'
import { ageSeconds } from './quantity.ts'
import type { RowFacts, Table } from './table.ts'

const HEX = /^[0-9a-f]{6,64}$/

/** Tables that tell whose a container is. */
export const identityTables: readonly Table[] = [
  {
    // POD and NAMESPACE since crictl 1.27 and 1.30; `CONTAINER ID` up to 1.12.
    format: 'crictl-ps',
    header: /^CONTAINER(?: ID)? +IMAGE +CREATED +STATE +NAME +ATTEMPT +POD ID\b/,
    read: (line, { cell }) => {
      const id = cell(line, 'CONTAINER') ?? cell(line, 'CONTAINER ID')
      if (id === null || !HEX.test(id)) return null
      return fact({
        kind: 'container',
        id,
        name: cell(line, 'NAME'),
        attempt: whole(cell(line, 'ATTEMPT')),
        podName: cell(line, 'POD'),
        namespace: cell(line, 'NAMESPACE'),
        podUid: null,
        sandboxId: cell(line, 'POD ID'),
        image: imageName(cell(line, 'IMAGE')),
        limitBytes: null,
        terminated: null,
      })
    },
  },
  {
    format: 'crictl-pods',
    header: /^POD ID +CREATED +STATE +NAME +NAMESPACE +ATTEMPT\b/,
    read: (line, { cell }) => {
      const id = cell(line, 'POD ID')
      if (id === null || !HEX.test(id)) return null
      const attempt = whole(cell(line, 'ATTEMPT'))
      return fact({
        kind: 'sandbox',
        id,
        podName: cell(line, 'NAME'),
        namespace: cell(line, 'NAMESPACE'),
        podUid: null,
        attempt,
      })
    },
  },
  {
    format: 'docker-ps',
    header: /^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES\s*$/,
    read: (line, { cell }) => {
      const id = cell(line, 'CONTAINER ID')
      return id === null || !HEX.test(id)
        ? null
        : fact(readDockerName(id, cell(line, 'NAMES') ?? '', cell(line, 'IMAGE')))
    },
  },
  {
    format: 'kubectl-get-pods',
    header: /^(?:NAMESPACE +)?NAME +READY +STATUS +RESTARTS +AGE\b/,
    read: (line, { has }) => readPodRow(line, has('NAMESPACE'), has('NODE')),
  },
]

const fact = (one: ListingFact): RowFacts => ({ facts: [one] })

const POD_ROW =
  /^(?:(?<namespace>[a-z0-9-]{1,63}) +)?(?<pod>[a-z0-9][a-z0-9.-]{0,252}) +(?<ready>\d{1,3}\/\d{1,3}) +(?<status>[A-Za-z][\w:/.-]{0,60}) +(?<restarts>\d{1,9})(?: +\([^)]{1,40}\))? +(?<age>(?:\d{1,6}[smhdwy]){1,4})(?: +(?<ip>\S+) +(?<node>\S+))?(?: .*)?$/

/** `scouter-server-68bc9b95f6-smfhp  1/2  OOMKilled  218 (5m ago)  14d`: told by its words, as people paste it with other blanks. */
export function readPodRow(line: string, hasNamespace: boolean, hasNode: boolean): RowFacts | null {
  if (line.length > 1000) return null
  const groups = POD_ROW.exec(line)?.groups
  if (groups === undefined || (groups['namespace'] !== undefined) !== hasNamespace) return null
  const podName = groups['pod']!
  const namespace = groups['namespace'] ?? null
  const node = hasNode ? (groups['node'] ?? null) : null
  return {
    facts: [{ kind: 'pod', podName, namespace, podUid: null, node: node === '<none>' ? null : node }],
    saved: [
      {
        kind: 'state',
        podName,
        namespace,
        container: null,
        status: groups['status'] ?? null,
        restarts: whole(groups['restarts']),
        ageSeconds: ageSeconds(groups['age'] ?? ''),
        limitBytes: null,
        requestBytes: null,
        lastReason: null,
        lastExitCode: null,
      },
    ],
  }
}

export interface DockerName {
  readonly container: string
  readonly podName: string
  readonly namespace: string
  readonly podUid: string
  readonly attempt: number | null
}

/** dockershim and cri-dockerd: `k8s_app_web-0_shop_8a6f…_3`; the container `POD` is the sandbox. */
export function dockerName(name: string): DockerName | null {
  const match = /^k8s_([^_]+)_([^_]+)_([^_]+)_([0-9a-f-]{32,36})_(\d{1,9})$/.exec(name)
  if (match === null) return null
  const [, container = '', podName = '', namespace = '', podUid = '', attempt] = match
  return { container, podName, namespace, podUid, attempt: whole(attempt) }
}

function readDockerName(id: string, name: string, image: string | null): ListingFact {
  const k8s = dockerName(name)
  const { podName = null, namespace = null, podUid = null, attempt = null } = k8s ?? {}
  if (k8s?.container === 'POD') return { kind: 'sandbox', id, podName, namespace, podUid, attempt }
  return {
    kind: 'container',
    id,
    name: k8s?.container ?? (name === '' ? null : name),
    attempt,
    podName,
    namespace,
    podUid,
    sandboxId: null,
    image: imageName(image),
    limitBytes: null,
    terminated: null,
  }
}

/** crictl and docker show the id of an image that has no name, which is none. */
const imageName = (image: string | null): string | null => (image === null || HEX.test(image) ? null : image)
