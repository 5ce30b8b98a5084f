import type { ListedContainer, ListedPod } from '../model/listing.ts'
import { whole } from './object.ts'

const NAME = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?'
const IN_CONTAINERS = new RegExp(
  `(?:^|/)(?<pod>${NAME})_(?<namespace>[a-z0-9-]{1,63})_(?<name>[a-z0-9-]{1,63}?)-(?<id>[0-9a-f]{6,64})(?:\\.log)?$`,
)
const IN_PODS = new RegExp(
  `(?:^|/)pods/(?<namespace>[a-z0-9-]{1,63})_(?<pod>${NAME})_(?<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?:/(?<name>[a-z0-9-]{1,63})(?:/(?<attempt>\\d{1,9})\\.log[\\w.-]*)?)?/?$`,
)

/**
 * What the name of a container's log says, wherever the file lies and whatever is in it:
 * `/var/log/containers/web-0_shop_app-4f0e….log` (the id may be cut: names end at 255 bytes) and
 * `/var/log/pods/shop_web-0_8a6f…/app/3.log` (no id, but the uid of the pod).
 *
 * @returns null for any other path
 */
export function readLogName(path: string): ListedContainer | ListedPod | null {
  const short = path.slice(-1000)
  const inPods = IN_PODS.exec(short)?.groups
  if (inPods !== undefined) {
    const { namespace, pod, uid, name, attempt } = inPods
    if (name === undefined) return { kind: 'pod', podName: pod!, namespace: namespace!, podUid: uid!, node: null }
    return { ...unknown, name, attempt: whole(attempt), podName: pod!, namespace: namespace!, podUid: uid! }
  }
  const groups = IN_CONTAINERS.exec(short)?.groups
  if (groups === undefined) return null
  const { pod, namespace, name, id } = groups
  // A whole id ends the name of a whole file; a shorter number could as well be of the container's name.
  if (id!.length < 64 && short.endsWith('.log')) return null
  return { ...unknown, id: id!, name: name!, podName: pod!, namespace: namespace! }
}

const unknown: ListedContainer = {
  kind: 'container',
  id: null,
  name: null,
  attempt: null,
  podName: null,
  namespace: null,
  podUid: null,
  sandboxId: null,
  image: null,
  limitBytes: null,
  terminated: null,
}
