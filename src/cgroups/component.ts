/** What one component of a cgroup path is. */
export type Component =
  | {
      readonly kind: 'container'
      /** null where somebody masked it before posting. */
      readonly id: string | null
      /** null where the name does not say: cgroupfs has the bare id. */
      readonly runtime: string | null
      /** The id has fewer than 64 digits: the line, or what pasted it, cut it. */
      readonly cut: boolean
      /** The name itself says that it is a container's (`docker-…`); a bare short hex number does not. */
      readonly sure: boolean
    }
  | {
      readonly kind: 'pod'
      /** null where the name is cut inside the uid, or masked. */
      readonly uid: string | null
      /** From the name; null where the name has none (cgroupfs, guaranteed). */
      readonly qos: Qos | null
      /** The name holds the word kubepods (systemd). */
      readonly ofSlice: boolean
    }
  | { readonly kind: 'qos'; readonly qos: Qos; readonly ofSlice: boolean }
  | { readonly kind: 'kubepods' }
  | { readonly kind: 'slice' }
  | { readonly kind: 'unit' }
  | { readonly kind: 'name' }

export type Qos = 'burstable' | 'besteffort'

/** What stands before the id in a scope's name, by runtime. An unknown one with a whole id names itself. */
const RUNTIME_OF_PREFIX: Readonly<Record<string, string>> = {
  'cri-containerd': 'containerd',
  crio: 'cri-o',
  docker: 'docker',
  libpod: 'podman',
  nerdctl: 'nerdctl',
}

/** The line may be cut inside `.scope` as well. */
const CONTAINER = /^(?:(?<prefix>[a-z][a-z0-9-]{0,30})-)?(?<id>[0-9a-f]{6,64})(?:\.(?:s(?:c(?:o(?:pe?)?)?)?)?)?$/
const UID = '[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32}'
const POD = new RegExp(`^pod(?<uid>${UID})$`)
const POD_SLICE = new RegExp(
  `(?:^|-)kubepods(?:-(?<qos>burstable|besteffort))?-pod(?:(?<uid>${UID})\\.slice|(?<cut>[^./]{0,64}(?:\\.[slice]{0,5})?))$`,
)
/** Put in place of an id by who posts a log: `xxxxx`, `<id>`, `****`, `8a6f....`. */
const MASK = /[<>*…]|x{3}|X{3}|\.{3}/
const MASKED_POD = /(?:^|-)kubepods(?:-(?<qos>burstable|besteffort))?-pod/
const MASKED_CONTAINER =
  /^(?<prefix>cri-containerd|crio|docker|libpod|nerdctl)-(?:(?<id>[0-9a-f]{6,63})(?=\.{3}|…))?[^/]*scope$/
const POD_CUT = /^pod[0-9a-f-]{0,36}$/
const QOS_SLICE = /(?:^|-)kubepods-(?<qos>burstable|besteffort)\.slice$/
const KUBEPODS = /(?:^|-)kubepods(?:\.slice)?$/
const UNIT = /^.{1,255}\.(?:service|scope|socket|mount|swap)$/

/**
 * Reads one component. Never throws.
 *
 * @param name as it stands in the path; systemd's `\x2d` is read as the dash it stands for
 */
export function readComponent(name: string): Component {
  const plain = unescapeUnit(name)
  const container = CONTAINER.exec(plain)?.groups
  if (container !== undefined && !plain.includes('-conmon-')) {
    const { prefix, id } = container
    const cut = id!.length < 64
    const known =
      prefix !== undefined && Object.hasOwn(RUNTIME_OF_PREFIX, prefix) ? RUNTIME_OF_PREFIX[prefix] : undefined
    // `run-rc4f….scope`, `session-123456.scope`: a short number counts only behind a runtime's own prefix.
    if (!cut || known !== undefined || prefix === undefined)
      return { kind: 'container', id: id!, runtime: known ?? prefix ?? null, cut, sure: !cut || known !== undefined }
  }
  const pod = POD.exec(plain)?.groups
  if (pod !== undefined) return { kind: 'pod', uid: dashed(pod['uid']!), qos: null, ofSlice: false }
  const slice = POD_SLICE.exec(plain)?.groups
  if (slice !== undefined) {
    const uid = slice['uid'] === undefined ? null : dashed(slice['uid'])
    return { kind: 'pod', uid, qos: (slice['qos'] as Qos | undefined) ?? null, ofSlice: true }
  }
  if (MASK.test(plain)) {
    const masked = readMasked(plain)
    if (masked !== null) return masked
  }
  const qos = QOS_SLICE.exec(plain)?.groups?.['qos'] as Qos | undefined
  if (qos !== undefined) return { kind: 'qos', qos, ofSlice: true }
  if (plain === 'burstable' || plain === 'besteffort') return { kind: 'qos', qos: plain, ofSlice: false }
  if (KUBEPODS.test(plain)) return { kind: 'kubepods' }
  if (plain.endsWith('.slice')) return { kind: 'slice' }
  if (UNIT.test(plain)) return { kind: 'unit' }
  return { kind: 'name' }
}

function readMasked(plain: string): Component | null {
  const pod = MASKED_POD.exec(plain)?.groups
  if (pod !== undefined) return { kind: 'pod', uid: null, qos: (pod['qos'] as Qos | undefined) ?? null, ofSlice: true }
  const masked = plain.includes('-conmon-') ? undefined : MASKED_CONTAINER.exec(plain)?.groups
  if (masked === undefined) return null
  const id = masked['id'] ?? null
  return { kind: 'container', id, runtime: RUNTIME_OF_PREFIX[masked['prefix']!]!, cut: id !== null, sure: true }
}

export const isMasked = (name: string): boolean => MASK.test(name)

/** Whether a name below `kubepods` is a pod's that the line cut: `pod8a6f4c02-1b2d`. */
export const isCutPod = (name: string): boolean => POD_CUT.test(name)

/** systemd writes `-` inside a part of a unit's name as `\x2d`, and /dev/kmsg writes that backslash as `\x5c`. */
const unescapeUnit = (name: string): string =>
  name.includes('\\') ? name.replaceAll('\\x5c', '\\').replaceAll('\\x2d', '-') : name

const dashed = (uid: string): string => uid.replaceAll('_', '-')
