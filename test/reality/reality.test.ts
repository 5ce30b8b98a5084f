/** Logs of real kills, held against what was recorded elsewhere than in the logs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Incident, Victim } from '../../src/model/report.ts'
import { reportOfFiles } from '../support/report-of.ts'

const FOLDER = fileURLToPath(new URL('../../../shared/reality/', import.meta.url))
const isThere = existsSync(FOLDER)
if (!isThere) console.warn('skipped: ../shared/reality is not here')

/** Forms whose every fact is held against the truth. */
const FORMS = [
  'messages.log',
  'messages-iso.log',
  'messages-imjournal.log',
  'messages-kmsg.log',
  'messages-busybox.log',
  'messages-5424.log',
  'dmesg.log',
  'dmesg-T.log',
  'dmesg-S.log',
  'dmesg-x.log',
  'dmesg-iso.log',
  'dmesg-reltime.log',
  'journal-short.log',
  'journal-short-iso.log',
  'journal-short-precise.log',
  'journal-short-monotonic.log',
  'journal-json.log',
  'kmsg.raw',
  'console.log',
]

interface TruthIncident {
  readonly container_id: string | null
  readonly pod_uid: string | null
  readonly pod: string | null
  readonly namespace: string | null
  readonly container: string | null
  readonly cgroup?: string
  readonly oom_cgroup?: string | null
  readonly limit_bytes: number | null
  readonly constraint: string | null
  readonly time: string
  readonly victims?: readonly { readonly pid: number; readonly comm: string | null; readonly comm_hex?: string }[]
}

/** Bytes of a name as the report shows them: `\xNN` for what is no UTF-8. */
function hexOfShown(comm: string): string {
  const bytes: number[] = []
  for (let at = 0; at < comm.length; ) {
    const shown = /^\\x([0-9a-f]{2})/.exec(comm.slice(at, at + 4))
    if (shown && Number.parseInt(shown[1]!, 16) >= 0x80) {
      bytes.push(Number.parseInt(shown[1]!, 16))
      at += 4
      continue
    }
    const character = String.fromCodePoint(comm.codePointAt(at)!)
    bytes.push(...Buffer.from(character))
    at += character.length
  }
  return Buffer.from(bytes).toString('hex')
}

const SCOPES: Readonly<Record<string, string>> = {
  CONSTRAINT_NONE: 'node',
  CONSTRAINT_CPUSET: 'node',
}

describe.skipIf(!isThere)('real kills', () => {
  const scenarios = isThere ? readdirSync(FOLDER).filter(name => existsSync(`${FOLDER}${name}/truth.json`)) : []
  for (const scenario of scenarios) {
    const truth: { incidents: TruthIncident[] } = JSON.parse(readFileSync(`${FOLDER}${scenario}/truth.json`, 'utf8'))
    const forms = FORMS.filter(form => existsSync(`${FOLDER}${scenario}/${form}`))
    for (const form of forms) {
      test(`${scenario}/${form}`, async () => {
        const path = `${FOLDER}${scenario}/${form}`
        const text = readFileSync(path, 'latin1')
        const report = await reportOfFiles([path])
        const killed = report.incidents.flatMap(incident => incident.victims.map(victim => ({ incident, victim })))
        const expected = truth.incidents.flatMap(incident =>
          (incident.victims ?? []).map(victim => ({ incident, victim })),
        )
        const inLog = expected.filter(({ victim }) => new RegExp(`Killed process ${victim.pid}\\b`).test(text))
        expect(killed.map(({ victim }) => victim.pid).sort(), 'each kill once, and none besides').toEqual(
          inLog.map(({ victim }) => victim.pid).sort(),
        )
        for (const { incident: wanted, victim } of inLog) {
          const found = killed.filter(other => other.victim.pid === victim.pid)
          expect(found, `pid ${victim.pid}`).toHaveLength(1)
          checkKill(found[0]!.incident, found[0]!.victim, wanted, victim, text)
        }
        const runtimeAlone = report.incidents.filter(({ kind }) => kind !== 'kernel')
        expect(runtimeAlone.map(({ id, container }) => [id, container?.id])).toEqual([])
      })
    }
  }
})

function checkKill(
  incident: Incident,
  victim: Victim,
  wanted: TruthIncident,
  truth: { readonly comm: string | null; readonly comm_hex?: string },
  text: string,
): void {
  if (truth.comm_hex) expect(hexOfShown(victim.comm ?? ''), 'comm').toBe(truth.comm_hex)
  const isNamed = wanted.container_id !== null && text.includes(wanted.container_id)
  if (victim.containerId !== null) expect(victim.containerId, 'container of the victim').toBe(wanted.container_id)
  // other members of a pod's group kill, and kills whose report the kernel left out, are of no container that a line names
  const isChosen = incident.kernelReports.some(({ victims }) => victims[0]?.pid === victim.pid)
  if (isNamed && isChosen) expect(incident.container?.id ?? victim.containerId, 'container').toBe(wanted.container_id)
  if (incident.pod !== null && wanted.pod_uid !== null) expect(incident.pod.uid, 'pod uid').toBe(wanted.pod_uid)
  else if (isChosen && wanted.pod_uid !== null) expect(incident.scope, 'no pod').toBe('node')
  if (wanted.limit_bytes !== null && isChosen) {
    expect(incident.cgroup?.limitBytes, 'limit').toBe(wanted.limit_bytes)
  }
  const scope = SCOPES[wanted.constraint ?? '']
  if (!isChosen) return
  if (scope) expect(incident.scope).toBe(scope)
  else if (wanted.oom_cgroup) expect(incident.scope).toBe(wanted.oom_cgroup === wanted.cgroup ? 'container' : 'pod')
  if (incident.time !== null) {
    const lag = Date.parse(wanted.time) - Date.parse(incident.time)
    expect(lag, `time ${incident.time}, noticed at ${wanted.time}`).toBeGreaterThan(-1_500)
    expect(lag, `time ${incident.time}, noticed at ${wanted.time}`).toBeLessThan(13_000)
  }
  const created = new RegExp(`returns container id .{0,3}${wanted.container_id}`).test(text)
  if (created && wanted.pod) {
    expect([incident.pod?.name, incident.pod?.namespace, incident.container?.name]).toEqual([
      wanted.pod,
      wanted.namespace,
      wanted.container,
    ])
  }
}
