import type { DockerLabels, OwnStamp } from '../../model/event.ts'
import { ownStamp } from '../logfmt.ts'

/** Attributes of a line of `docker events`: name=value, sorted by name, `, ` between them; the last may be cut. */
export function labelsOf(attributes: string | undefined): DockerLabels {
  return labelsBy(name => {
    const start = `${name}=`
    const text = attributes ?? ''
    const at = text.startsWith(start) ? 0 : text.indexOf(`, ${start}`) + 2
    if (!text.startsWith(start, at)) return null
    const from = at + start.length
    const end = [text.indexOf(', ', from), text.indexOf(')', from)].filter(index => index >= 0)
    return end.length === 0 ? null : text.slice(from, Math.min(...end)) || null
  })
}

function labelsBy(label: (name: string) => string | null): DockerLabels {
  return {
    name: label('io.kubernetes.container.name'),
    podName: label('io.kubernetes.pod.name'),
    namespace: label('io.kubernetes.pod.namespace'),
    podUid: label('io.kubernetes.pod.uid'),
    sandboxId: label('io.kubernetes.sandbox.id'),
    image: label('image'),
  }
}

/** What an event in JSON says beside its container. */
export interface EventJson {
  readonly attributes: (name: string) => string | null
  readonly docker: DockerLabels
  readonly stamp: OwnStamp
}

/** Of `"name":"value"` and `"timeNano":…` in the text, which may be cut. */
export function readEventJson(text: string): EventJson {
  const attributes = (name: string): string | null => {
    const start = `"${name}":"`
    const at = text.indexOf(start)
    if (at < 0) return null
    const end = text.indexOf('"', at + start.length)
    return end < 0 ? null : text.slice(at + start.length, end) || null
  }
  const time = /"timeNano":(\d{10})(\d{9})\b/.exec(text)
  const second = time === null ? null : new Date(Number(time[1]) * 1000).toISOString().slice(0, 19)
  const docker = labelsBy(attributes)
  return {
    attributes,
    // without attributes, up to docker 1.9
    docker: { ...docker, image: docker.image ?? attributes('from') },
    stamp: ownStamp(time === null ? undefined : `${second}.${time[2]}Z`),
  }
}
