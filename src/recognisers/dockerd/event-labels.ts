import type { DockerLabels } from '../../model/event.ts'

/** Attributes of a line of `docker events`: name=value, sorted by name, `, ` between them; the last may be cut. */
export function labelsOf(attributes: string | undefined): DockerLabels {
  const label = (name: string): string | null => {
    const start = `${name}=`
    const text = attributes ?? ''
    const at = text.startsWith(start) ? 0 : text.indexOf(`, ${start}`) + 2
    if (!text.startsWith(start, at)) return null
    const from = at + start.length
    const end = [text.indexOf(', ', from), text.indexOf(')', from)].filter(index => index >= 0)
    return end.length === 0 ? null : text.slice(from, Math.min(...end)) || null
  }
  return {
    name: label('io.kubernetes.container.name'),
    podName: label('io.kubernetes.pod.name'),
    namespace: label('io.kubernetes.pod.namespace'),
    podUid: label('io.kubernetes.pod.uid'),
    sandboxId: label('io.kubernetes.sandbox.id'),
    image: label('image'),
  }
}
