import type { ListingFact } from '../model/listing.ts'
import { whole } from './object.ts'

/**
 * Facts of a table as printed for people: `crictl ps -a`, `crictl pods`, `docker ps -a`, `kubectl get pods`.
 *
 * Columns are cut where the header's words begin, since cells hold blanks (`3 days ago`). Text before the header (the
 * command itself, a section's title) is passed over.
 *
 * @returns null where no such header stands in the first lines
 */
export function readTable(text: string): ListingFact[] | null {
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < Math.min(lines.length, HEADER_WITHIN); i++) {
    const header = lines[i]!
    const table = TABLES.find(({ columns }) => columns.test(header))
    if (table === undefined) continue
    const starts = columnStarts(header)
    const facts: ListingFact[] = []
    for (const line of lines.slice(i + 1)) {
      // An empty line or a comment ends the table: bundles put several commands into one file.
      if (line.trim() === '' || line.startsWith('#')) break
      const fact = table.read(cell => cellOf(line, starts, cell))
      if (fact !== null) facts.push(fact)
    }
    return facts
  }
  return null
}

const HEADER_WITHIN = 20

type Row = (column: string) => string | null

interface Table {
  readonly columns: RegExp
  readonly read: (row: Row) => ListingFact | null
}

const HEX = /^[0-9a-f]{6,64}$/

const TABLES: readonly Table[] = [
  {
    // POD and NAMESPACE since crictl 1.27 and 1.30; `CONTAINER ID` up to 1.12.
    columns: /^CONTAINER(?: ID)? +IMAGE +CREATED +STATE +NAME +ATTEMPT +POD ID\b/,
    read: row => {
      const id = row('CONTAINER') ?? row('CONTAINER ID')
      if (id === null || !HEX.test(id)) return null
      return {
        kind: 'container',
        id,
        name: row('NAME'),
        attempt: whole(row('ATTEMPT')),
        podName: row('POD'),
        namespace: row('NAMESPACE'),
        podUid: null,
        sandboxId: row('POD ID'),
        image: imageName(row('IMAGE')),
        limitBytes: null,
        terminated: null,
      }
    },
  },
  {
    columns: /^POD ID +CREATED +STATE +NAME +NAMESPACE +ATTEMPT\b/,
    read: row => {
      const id = row('POD ID')
      if (id === null || !HEX.test(id)) return null
      const attempt = whole(row('ATTEMPT'))
      return { kind: 'sandbox', id, podName: row('NAME'), namespace: row('NAMESPACE'), podUid: null, attempt }
    },
  },
  {
    columns: /^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES\s*$/,
    read: row => {
      const id = row('CONTAINER ID')
      return id === null || !HEX.test(id) ? null : readDockerName(id, row('NAMES') ?? '', row('IMAGE'))
    },
  },
  {
    columns: /^(?:NAMESPACE +)?NAME +READY +STATUS +RESTARTS +AGE\b/,
    read: row => {
      const podName = row('NAME')
      const node = row('NODE')
      if (podName === null || /\s/.test(podName)) return null
      return { kind: 'pod', podName, namespace: row('NAMESPACE'), podUid: null, node: node === '<none>' ? null : node }
    },
  },
]

/** dockershim and cri-dockerd: `k8s_app_web-0_shop_8a6f…_3`; the container `POD` is the sandbox. */
function readDockerName(id: string, name: string, image: string | null): ListingFact {
  const k8s = /^k8s_([^_]+)_([^_]+)_([^_]+)_([0-9a-f-]{32,36})_(\d{1,9})$/.exec(name)
  const [, container, podName = null, namespace = null, podUid = null, attempt] = k8s ?? []
  if (container === 'POD') return { kind: 'sandbox', id, podName, namespace, podUid, attempt: whole(attempt) }
  return {
    kind: 'container',
    id,
    name: container ?? (name === '' ? null : name),
    attempt: whole(attempt),
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

/** Where each column begins: a word of the header after two blanks, or `NAMESPACE NAME`, which one blank may part. */
function columnStarts(header: string): Map<string, readonly [number, number]> {
  const found: [string, number][] = []
  for (const match of header.matchAll(/(?:CONTAINER ID|POD ID|NOMINATED NODE|READINESS GATES|[A-Z]+)(?= |$)/g))
    found.push([match[0], match.index])
  return new Map(found.map(([name, start], i) => [name, [start, found[i + 1]?.[1] ?? Number.POSITIVE_INFINITY]]))
}

function cellOf(line: string, starts: ReadonlyMap<string, readonly [number, number]>, column: string): string | null {
  const range = starts.get(column)
  if (range === undefined) return null
  const cell = line.slice(range[0], range[1]).trim()
  return cell === '' ? null : cell
}
