import { type Component, isCutPod, isMasked, type Qos, readComponent } from './component.ts'

/** Whose cgroup a path is. */
export interface CgroupPath {
  /**
   * What the path itself is. `container`: a container's cgroup or one below it (`…/init.scope`). `qos`, `kubepods`: the
   * kubelet's own levels, so a limit there means that the node is short. `other`: none of what is known.
   */
  readonly level: 'container' | 'pod' | 'qos' | 'kubepods' | 'unit' | 'slice' | 'root' | 'other'
  /** null where it was masked. Below a pod the first id, so that a container inside a container is told as the pod's; elsewhere the last. */
  readonly containerId: string | null
  /** containerd, cri-o, docker, podman, nerdctl, ecs, lxc; null where the path does not say. */
  readonly runtime: string | null
  /** With dashes; the 32 digits of a static pod as they are. */
  readonly podUid: string | null
  readonly qosClass: 'Guaranteed' | 'Burstable' | 'BestEffort' | null
  /** The last systemd unit that is no container; of a container only one below it. As systemd writes it (`\x2d` kept). */
  readonly unit: string | null
  /** The path, or the id in it, stops short: `containerId` may be a prefix, `podUid` is null. */
  readonly cut: boolean
}

/** Parents whose children are containers by id, and the runtime that makes them. */
const RUNTIME_OF_PARENT: Readonly<Record<string, string>> = { docker: 'docker', moby: 'docker', 'k8s.io': 'containerd' }
/** containerd's namespaces as `ctr` uses them: the child's name is the id, and need not be hexadecimal. */
const CTR_NAMESPACES = ['default', 'k8s.io']
const CTR_ID = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/

interface Step {
  readonly name: string
  readonly read: Component
}

/**
 * Reads a cgroup path as the kernel, systemd or the kubelet prints it, or its last component alone (`cpuset=`).
 *
 * Never throws; a path that nothing is known about has level `other`.
 */
export function readCgroupPath(path: string): CgroupPath {
  if (path === '/') return { ...nobody, level: 'root' }
  const steps = splitPath(path)
  const pod = steps.findIndex(isPod)
  const at = findContainer(steps, pod)
  const container = at < 0 ? null : idAt(steps, at)
  const podRead = pod < 0 ? null : (steps[pod]!.read as Component & { kind: 'pod' })
  // A unit above a container or a pod (containerd.service, user@1000.service) is only where it happens to hang.
  const kubernetes = firstKubernetes(steps)
  const from = at >= 0 ? at : pod >= 0 ? pod : kubernetes < steps.length ? kubernetes : -1
  const units = steps.filter((step, i) => i > from && step.read.kind === 'unit')
  const level = levelOf(steps, at, pod, units.length > 0)
  return {
    level,
    containerId: container?.id ?? null,
    runtime: container?.runtime ?? runtimeOfRoot(steps, at),
    podUid: podRead?.uid ?? null,
    qosClass: qosOf(steps, pod, level),
    unit: level === 'slice' ? (steps.at(-1)?.name ?? null) : unitOf(units),
    cut: (container?.cut ?? false) || (pod >= 0 && podRead?.uid === null && pod === steps.length - 1),
  }
}

/**
 * The container of a systemd unit (`cri-containerd-3f1e….scope`), or null for a unit that is none, conmon's included.
 */
export function containerIdOfUnit(unit: string): string | null {
  const read = readComponent(unit)
  return read.kind === 'container' && read.sure && unit.endsWith('.scope') ? read.id : null
}

const nobody: CgroupPath = {
  level: 'other',
  containerId: null,
  runtime: null,
  podUid: null,
  qosClass: null,
  unit: null,
  cut: false,
}

function splitPath(path: string): Step[] {
  const steps: Step[] = []
  const names = path.split('/').filter(name => name !== '' && name !== '..')
  for (const [i, name] of names.entries()) {
    // `kubepods-besteffort-podU.slice:cri-containerd:I`: runc's name for a systemd cgroup, made with cgroupfs.
    const parts = /^([^:]+\.slice):([a-z-]+):([^:]+)$/.exec(name)
    if (parts === null) steps.push({ name, read: readInPlace(name, steps.at(-1), i === names.length - 1) })
    else
      for (const part of [parts[1]!, `${parts[2]}-${parts[3]}`]) steps.push({ name: part, read: readComponent(part) })
  }
  return steps
}

/** Names that mean something only below their parent, or only where the line is cut. */
function readInPlace(name: string, parent: Step | undefined, last: boolean): Component {
  const read = readComponent(name)
  if (read.kind === 'qos' && !read.ofSlice && parent?.read.kind !== 'kubepods') return { kind: 'name' }
  const below = parent?.read.kind
  if (read.kind === 'name' && (below === 'kubepods' || below === 'qos')) {
    if ((last && isCutPod(name)) || (name.startsWith('pod') && isMasked(name)))
      return { kind: 'pod', uid: null, qos: null, ofSlice: false }
  }
  if (read.kind === 'name' && below === 'pod' && isMasked(name))
    return { kind: 'container', id: null, runtime: null, cut: false, sure: true }
  if (read.kind !== 'container' || read.sure) return read
  const cutHere =
    last && (parent?.read.kind === 'pod' || (parent !== undefined && Object.hasOwn(RUNTIME_OF_PARENT, parent.name)))
  return cutHere ? read : { kind: 'name' }
}

function findContainer(steps: readonly Step[], pod: number): number {
  if (pod >= 0) return steps.findIndex((step, i) => i > pod && isContainer(step))
  // Below kubepods, but with no pod: the ids before it are of the node, and this is one of the kubelet's levels.
  if (firstKubernetes(steps) < steps.length && !steps.some(isEllipsis)) return -1
  const last = steps.findLastIndex(isContainer)
  return last < 0 && isCtr(steps) ? 1 : last
}

function idAt(steps: readonly Step[], at: number): { id: string | null; runtime: string | null; cut: boolean } | null {
  const { name, read } = steps[at]!
  if (read.kind !== 'container') return { id: name, runtime: 'containerd', cut: false }
  return { id: read.id, runtime: read.runtime ?? runtimeOfParent(steps, at), cut: read.cut }
}

function runtimeOfParent(steps: readonly Step[], at: number): string | null {
  const parent = steps[at - 1]?.name
  if (parent !== undefined && Object.hasOwn(RUNTIME_OF_PARENT, parent)) return RUNTIME_OF_PARENT[parent]!
  if (parent === 'default' && at === 1) return 'containerd'
  return steps[0]?.name === 'ecs' && at === 2 ? 'ecs' : null
}

/** LXC is a system, not a container of a pod, so it has no id; it is named where nothing inside it is. */
const runtimeOfRoot = (steps: readonly Step[], at: number): string | null =>
  at < 0 && !steps.some(isPod) && /^lxc(?:\.(?:payload|monitor)\..*)?$/.test(steps[0]?.name ?? '') ? 'lxc' : null

function levelOf(steps: readonly Step[], at: number, pod: number, hasUnit: boolean): CgroupPath['level'] {
  if (at >= 0) return 'container'
  if (pod >= 0) return hasUnit ? 'unit' : 'pod'
  const last = steps.at(-1)?.read.kind
  if (last === 'qos' || last === 'kubepods' || last === 'slice') return last
  return hasUnit ? 'unit' : 'other'
}

function qosOf(steps: readonly Step[], pod: number, level: CgroupPath['level']): CgroupPath['qosClass'] {
  const end = pod < 0 ? steps.length : pod
  const own = pod < 0 ? null : (steps[pod]!.read as Component & { kind: 'pod' })
  const above = steps.slice(0, end).findLast(step => step.read.kind === 'qos')?.read as
    | (Component & { kind: 'qos' })
    | undefined
  const qos: Qos | null = own?.qos ?? above?.qos ?? null
  if (qos !== null) return qos === 'burstable' ? 'Burstable' : 'BestEffort'
  if (pod < 0 || level === 'qos') return null
  return own?.ofSlice || steps.slice(0, end).some(step => step.read.kind === 'kubepods') ? 'Guaranteed' : null
}

function unitOf(units: readonly Step[]): string | null {
  const unit = units.at(-1)?.name
  return unit === undefined ? null : unit.replaceAll('\\x5c', '\\')
}

const firstKubernetes = (steps: readonly Step[]): number => {
  const first = steps.findIndex(({ read }) => read.kind === 'kubepods' || read.kind === 'qos' || read.kind === 'pod')
  return first < 0 ? steps.length : first
}
/** Names left out by who posted the path, the pod's among them. */
const isEllipsis = (step: Step): boolean => step.name === '...' || step.name === '…'
const isPod = (step: Step): boolean => step.read.kind === 'pod'
const isContainer = (step: Step): boolean => step.read.kind === 'container'
const isCtr = (steps: readonly Step[]): boolean =>
  steps.length === 2 && CTR_NAMESPACES.includes(steps[0]!.name) && CTR_ID.test(steps[1]!.name)
