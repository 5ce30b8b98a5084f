/** Whose incident it is, by name: container and pod, from the lines and from what was learned. */
import type { Bereaved } from '../model/bereaved.ts'
import type { Container, Incident, Pod } from '../model/report.ts'
import { oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import type { Group } from './group.ts'
import { cpusetContainer } from './group-key.ts'
import type { Identities } from './identities.ts'
import type { KnownVictim } from './incident-victims.ts'
import { firstOf, type ReportItem } from './items.ts'
import { pathOf } from './path-of.ts'
import { detached } from './seen.ts'

/**
 * Set when all victims with a known container share it, or, for a pod's or a cgroup's limit, the chosen victim's; without
 * victims the one that the lines name.
 */
export function containerIdOf(
  group: Group,
  reports: readonly ReportItem[],
  scope: Incident['scope'],
  victims: readonly KnownVictim[],
): string | null {
  const chosen = firstOf(reports, ({ draft }) => {
    const path = taskMemcgOf(draft)
    return path === null ? null : pathOf(path).containerId
  })
  if (scope !== 'node' && chosen !== null) return chosen
  const limit = firstOf(reports, ({ draft }) => oomMemcgOf(draft))
  if (scope === 'container' && limit !== null) return pathOf(limit).containerId
  const killed = killedPath(group)
  if (killed !== null) return pathOf(killed).containerId
  const ids = new Set(victims.map(({ containerId }) => containerId).filter(id => id !== null))
  if (ids.size > 1) return null
  const [only] = ids
  if (only !== undefined) return only
  if (chosen !== null && new Set(reports.map(({ draft }) => taskMemcgOf(draft))).size === 1) return chosen
  if (scope === 'node') return null
  return group.taskOoms[0]?.event.containerId ?? firstOf(reports, ({ draft }) => cpusetContainer(draft))
}

/** The runtime that told of a container's OOM. */
function runtimeOf(group: Group, id: string): string | null {
  const told = group.taskOoms.find(({ event }) => event.containerId === id)
  if (!told) return null
  if (told.ident === null || /containerd|^(env|sh|k3s|rke2)/.test(told.ident)) return 'containerd'
  return /^docker/.test(told.ident) ? 'docker' : /^(crio|conmon)/.test(told.ident) ? 'cri-o' : null
}

export function containerOf(
  id: string | null,
  group: Group,
  reports: readonly ReportItem[],
  identities: Identities,
): Container | null {
  if (id === null) return null
  const known = identities.container(id)
  const path = firstOf(reports, ({ draft }) => {
    const paths = [taskMemcgOf(draft), oomMemcgOf(draft)]
    return paths.find(one => one !== null && pathOf(one).containerId === id) ?? null
  })
  return {
    id: known && known.id.length > id.length ? known.id : id,
    name: known?.name ?? null,
    attempt: known?.attempt ?? null,
    runtime: (path === null ? null : pathOf(path).runtime) ?? known?.runtime ?? runtimeOf(group, id),
    sandboxId: known?.sandboxId ?? null,
    image: known?.image ?? null,
  }
}

export function podOf(
  group: Group,
  container: Container | null,
  sandboxId: string | null,
  reports: readonly ReportItem[],
  scope: Incident['scope'],
  identities: Identities,
): Pod | null {
  const evicted = group.otherKills.find(({ event }) => event.kind === 'pod-evicted')?.event
  if (evicted?.kind === 'pod-evicted') {
    return { name: evicted.podName, namespace: evicted.namespace, uid: evicted.podUid, qosClass: null }
  }
  if (scope === 'node' && container === null) return null
  const path =
    firstOf(reports, ({ draft }) => {
      const task = taskMemcgOf(draft) ?? oomMemcgOf(draft)
      return task !== null && pathOf(task).podUid !== null ? task : null
    }) ?? killedPath(group)
  const read = path === null ? null : pathOf(path)
  const known = container === null ? null : identities.container(container.id)
  const sandbox = identities.sandbox(known?.sandboxId ?? sandboxId ?? '')
  const uid = read?.podUid ?? known?.podUid ?? sandbox?.uid ?? null
  const byUid = uid === null ? null : identities.pod(uid)
  const name = sandbox?.name ?? known?.podName ?? byUid?.name ?? null
  const namespace = sandbox?.namespace ?? known?.namespace ?? byUid?.namespace ?? null
  if (uid === null && name === null && !read?.qosClass) return null
  return { name, namespace, uid, qosClass: read?.qosClass ?? null }
}

/** Each container of the victims once, in their order. */
export function bereavedOf(
  victims: readonly KnownVictim[],
  reports: readonly ReportItem[],
  identities: Identities,
): Bereaved[] {
  const ids = new Set(victims.map(({ containerId }) => containerId).filter(id => id !== null))
  return [...ids].map(containerId => {
    const known = identities.container(containerId)
    const sandbox = identities.sandbox(known?.sandboxId ?? '')
    const uid =
      known?.podUid ??
      firstOf(reports, ({ draft }) => {
        const task = taskMemcgOf(draft)
        const read = task === null ? null : pathOf(task)
        return read?.containerId === containerId ? read.podUid : null
      })
    const byUid = uid === null ? null : identities.pod(uid)
    return {
      containerId,
      name: known?.name ?? null,
      pod: sandbox?.name ?? known?.podName ?? byUid?.name ?? null,
      namespace: sandbox?.namespace ?? known?.namespace ?? byUid?.namespace ?? null,
    }
  })
}

/** The cgroup that systemd-oomd or another killer in user space names; a whole path before the name of a unit. */
export function killedPath(group: Group): string | null {
  const paths = group.otherKills.flatMap(({ event }) =>
    event.kind === 'userspace-killed' && event.path !== null ? [event.path] : [],
  )
  const path = paths.find(one => one.includes('/')) ?? paths[0]
  return path === undefined ? null : detached(path)
}
