/**
 * Commands that a person can paste. Names come from a log, which a stranger may have written into: a name that is no
 * Kubernetes name becomes a placeholder in capitals, never part of a command.
 */
import { deploymentOf as readDeployment } from '../basics/pod-owner.ts'
import type { Incident } from '../model/report.ts'

const safeName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/
/** `name` where it can stand in a command, else the placeholder. */
export const nameOr = (name: string | null | undefined, placeholder: string): string =>
  name && safeName.test(name) ? name : placeholder

// Several rules ask for that of one pod.
let asked = ''
let answer: string | null = null

/** The Deployment that a pod's name points to; null for any other form of name. */
export const deploymentOf = (pod: string | null | undefined): string | null => {
  if (!pod || pod.length > 253) return null
  if (pod !== asked) {
    answer = readDeployment(pod)
    asked = pod
  }
  return answer
}

const owner = (pod: string | null | undefined): string => {
  const name = deploymentOf(pod)
  return name && safeName.test(name) ? `deployment/${name}` : 'KIND/NAME'
}

/** Shows the resources of the container, or of all containers of the pod. Null without the pod's name. */
export const showResources = (incident: Incident, whole = false): string | null => {
  if (!incident.pod?.name || !safeName.test(incident.pod.name)) return null
  const container = whole ? null : nameOr(incident.container?.name, '')
  const path = container
    ? `{.spec.containers[?(@.name=="${container}")].resources}`
    : '{range .spec.containers[*]}{.name}{" "}{.resources}{"\\n"}{end}'
  return `kubectl -n ${nameOr(incident.pod.namespace, 'NAMESPACE')} get pod ${incident.pod.name} -o jsonpath='${path}'`
}

/** Changes one resource of the container (`isWhich`: it is the one to change), with a placeholder for the value. Null without a pod. */
export const setResources = (
  incident: Incident,
  what: '--limits=memory=LIMIT' | '--requests=memory=REQUEST',
  isWhich = true,
): string | null => {
  if (!incident.pod?.name) return null
  const container = nameOr(isWhich ? incident.container?.name : null, 'CONTAINER')
  return `kubectl -n ${nameOr(incident.pod.namespace, 'NAMESPACE')} set resources ${owner(incident.pod.name)} -c ${container} ${what}`
}

/** How to find a pod of which the log tells only the uid. Static pods: 32 hex digits, an annotation of the mirror pod. */
export const findPod = (uid: string): string | null => {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uid))
    return `kubectl get pods -A -o jsonpath='{range .items[?(@.metadata.uid=="${uid}")]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}'`
  if (/^[0-9a-f]{32}$/.test(uid)) return `kubectl get pods -A -o yaml | grep -B 12 'kubernetes.io/config.hash: ${uid}'`
  return null
}

/**
 * What to do about a limit, as far as a log can tell: not which limit.
 *
 * @param whole the pod's limit: all its containers are shown
 * @param isWhich the container of the incident is the one that filled it
 */
export const limitAdvice = (incident: Incident, whole = false, isWhich = true): string => {
  const show = showResources(incident, whole)
  const change = setResources(incident, '--limits=memory=LIMIT', isWhich)
  const docker =
    !change && incident.container?.runtime === 'docker' && /^[0-9a-f]{12,64}$/.test(incident.container.id)
      ? `Change it: docker update --memory=LIMIT --memory-swap=LIMIT ${incident.container.id.slice(0, 12)}`
      : null
  const limit = change || docker ? 'LIMIT' : 'the new limit'
  const how = `The log tells only that more than the limit was wanted: take ${limit} from the highest use that monitoring has seen under normal load, plus headroom, or make the process use less.`
  return [show ? `See what is set: ${show}` : null, change ? `Change it: ${change}` : docker, how]
    .filter(Boolean)
    .join('\n')
}
