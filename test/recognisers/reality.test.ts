import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { LogEvent } from '../../src/model/event.ts'
import { programs } from '../../src/recognisers/index.ts'
import { understand } from '../../src/recognisers/recognise.ts'

/* The lines of runtimes and systemd in logs of real kills, against what was recorded beside them. */

const ROOT = '../shared/reality'
const others = programs.filter(program => program.name !== 'kernel')
const logs = existsSync(ROOT)
  ? readdirSync(ROOT)
      .flatMap(folder => ['messages.log', 'messages-imjournal.log', 'containerd-stderr.log'].map(f => `${folder}/${f}`))
      .filter(file => existsSync(`${ROOT}/${file}`) && existsSync(`${ROOT}/${file.replace(/\/.*/, '/truth.json')}`))
  : []

interface Truth {
  readonly incidents?: readonly {
    container_id?: string
    sandbox_id?: string
    pod?: string
    namespace?: string
    container?: string
    pod_uid?: string
    attempt?: number
  }[]
}

/** Enough of an envelope for these files. */
const openLine = (line: string): { ident: string | null; message: string } => {
  const match = /^(?:\w{3} [ \d]\d [\d:]{8} \S+ )([\w.-]+)(?:\[\d+\])?: ?(.*)$/.exec(line)
  return { ident: match?.[1] ?? null, message: match?.[2] ?? line }
}

const read = (line: string): LogEvent[] => {
  const { ident, message } = openLine(line)
  return others
    .filter(program => program.speaks(ident))
    .flatMap(program => program.recognisers.map(recogniser => understand(recogniser, message)))
    .filter(event => event !== null)
}

describe.skipIf(logs.length === 0)('real logs (skipped where ../shared/reality is absent)', () => {
  test.each(logs)('%s: every line of a runtime or of systemd that counts is read, and no other', file => {
    for (const line of readFileSync(`${ROOT}/${file}`, 'latin1').split('\n')) {
      const counts =
        openLine(line).ident !== 'kernel' &&
        /TaskOOM event|xit event (?:container_id|sandbox_id|&)|returns (?:sandbox|container) id|StartContainer.* returns s|OOM killer/.test(
          line,
        )
      expect({ line, events: read(line).length }).toEqual({ line, events: counts ? 1 : 0 })
    }
  })

  test.each(logs)('%s: names are the recorded ones', file => {
    const truth: Truth = JSON.parse(readFileSync(`${ROOT}/${file.replace(/\/.*/, '/truth.json')}`, 'utf8'))
    const events = readFileSync(`${ROOT}/${file}`, 'latin1').split('\n').flatMap(read)
    const created = events.filter(event => event.kind === 'container-created')
    const sandboxes = events.filter(event => event.kind === 'sandbox-created')
    if (created.length === 0) return
    for (const incident of truth.incidents ?? []) {
      const container = created.find(event => event.containerId === incident.container_id)
      if (container === undefined) continue
      const sandbox = sandboxes.find(event => event.sandboxId === container.sandboxId)
      expect({ ...container, ...sandbox }).toMatchObject({
        containerId: incident.container_id,
        sandboxId: incident.sandbox_id ?? container.sandboxId,
        name: incident.container,
        podName: incident.pod,
        namespace: incident.namespace,
        podUid: incident.pod_uid,
      })
    }
  })
})
