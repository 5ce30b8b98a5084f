import { basename } from 'node:path'
import { isBundleName, isContainerLog, isLogName } from '../log-names.ts'

/**
 * What a file of a support bundle, packed or unpacked, is good for: `log` is searched for kills, `metadata` names pods, hosts
 * or times, `name` does so by its path alone, `bundle` is opened in its turn, `other` is left alone.
 */
export type MemberUse = 'log' | 'metadata' | 'name' | 'bundle' | 'other'

/** Logs that their own name does not show, by the collector that writes them. Paths end like this. */
const logPaths: readonly RegExp[] = [
  // Rancher: copies of /var/log and units without an extension
  /(?:^|\/)systemlogs\/[^/]+$/,
  /(?:^|\/)journald\/[^/]+$/,
  // Replicated troubleshoot: output of commands and of journalctl on the host
  /(?:^|\/)host-collectors\/run-host\/[^/]+\.txt$/,
  /(?:^|\/)host-collectors\/journald\/[^/]+\.txt$/,
  // sos: tails of files above its size limit; a link with the file's own name points here
  /(?:^|\/)sos_strings\/[^/]+\/[^/]*(?:messages|syslog|kern|journalctl|dmesg|containerd|kubelet)[^/]*\.tailed$/,
  // must-gather, `oc adm node-logs`
  /(?:^|\/)host_service_logs\/.+_service\.log(?:\.gz)?$/,
]

/** Listings that join a container to its pod, facts of the host. */
const metadataPaths: readonly RegExp[] = [
  /(?:^|\/)(?:crictl|kubectl|docker|crio|containerd)\/(?:psa?|pods|nodes)[^/]*$/,
  /(?:^|\/)sos_commands\/(?:crio|containerd|docker|kubernetes)\/(?:[^/]+\/){0,4}(?:[^/]*[^a-z])?(?:crictl|ctr|docker|kubectl|oc)_[^/]*$/,
  /(?:^|\/)sos_commands\/(?:crio|docker)\/containers\/[^/]+$/,
  /(?:^|\/)docker\/docker-ps\.txt$/,
  /(?:^|\/)pods(?:\/[^/]+){0,2}\.(?:ya?ml|json)$/,
  /(?:^|\/)(?:pods|nodes)\.(?:ya?ml|json)$/,
  /(?:^|\/)kubernetesResources\/[^/]+\.ya?ml$/,
  /^(?:\.\/)?(?:[^/]+\/)?(?:hostname|uname|date|uptime|free)$/,
  /(?:^|\/)sos_commands\/(?:host\/hostname|date\/date)$/,
  /(?:^|\/)systeminfo\/(?:hostname|uname|date|osrelease|uptime|freeh)$/,
  /(?:^|\/)kernel\/uname\.txt$/,
  /(?:^|\/)system\/(?:instance-id|region|availability-zone)\.txt$/,
  /(?:^|\/)(?:basic-environment|memory)\.txt$/,
  /(?:^|\/)(?:etc\/os-release|proc\/meminfo|proc\/sys\/kernel\/random\/boot_id|kubernetes-version\.txt)$/,
]

/** Listings that somebody saved beside the logs, by the program that printed them. */
const savedListing =
  /(?:^|[/_.-])(?:crictl|docker|kubectl|oc)(?:[-_. ](?:ps|pods?|containers|inspect|inspectp|get|describe|top|nodes?)|ps|pods)[^/]*$/

/** What troubleshoot keeps of a command besides its output. */
const besides = /(?:^|\/)run-host\/[^/]*-(?:stderr\.txt|info\.json)$/

/** @param path inside the bundle or below the directory, with `/` */
export function classifyMember(path: string): MemberUse {
  const name = basename(path)
  if (name.startsWith('.')) return 'other'
  if (isContainerLog(path)) return 'name'
  if (isBundleName(name)) return 'bundle'
  if (besides.test(path)) return 'other'
  if (metadataPaths.some(pattern => pattern.test(path))) return 'metadata'
  if (logPaths.some(pattern => pattern.test(path)) || isLogName(name)) return 'log'
  return savedListing.test(name) ? 'metadata' : 'other'
}
