import { parseRotatedName } from './rotation.ts'

/** Said when a directory holds none of them. */
export const LOOKED_FOR =
  'messages*, syslog*, kern*, dmesg*, kmsg*, journalctl text, *.log, containerd and kubelet logs, *.journal, log bundles'

const written =
  /^(?:messages|localmessages|syslog|kern|kmsg|dmesg|daemon|journal|journalctl|console|serial)(?:[-_.].*)?$/
const services = '(?:containerd|kubelet|dockerd?|crio|cri-o|k3s|k3s-agent|rke2-agent|rke2-server)'
const ofService = new RegExp(
  `^(?:.*_logs_)?${services}(?:[-_.](?:log|status|service|stderr|stdout))?(?:\\.(?:log|txt|out|err))?$`,
)
/** Output of `journalctl -o json`, `-o export` and `dmesg -J` under the names that people give it. */
const saved = /^(?:journal|journalctl|dmesg)[-_a-z]*\.(?:json|jsonl|ndjson|export)$/
const foreign =
  /\.(?:json|ya?ml|conf|cfg|toml|xml|html?|service|socket|sock|pid|db|sh|py|pem|crt|key|png|svg|js|css|md|so|ko|ini|rules|expected|about|truth)$/

/**
 * Whether a file of this name holds the log of a node, as far as a name can tell.
 *
 * @param fileName without its directory, rotated and compressed or not
 */
export function isLogName(fileName: string): boolean {
  if (fileName.startsWith('.')) return false
  if (/\.journal~?$/.test(fileName)) return true
  const name = parseRotatedName(fileName).family.toLowerCase()
  if (saved.test(name)) return true
  if (foreign.test(name)) return false
  return /\.log$/.test(name) || written.test(name) || ofService.test(name) || name === 'boot.txt'
}

/** Whether a name is that of an archive of logs. */
export const isBundleName = (fileName: string): boolean =>
  /\.(?:tar(?:\.(?:gz|xz|zst|zstd|bz2))?|tgz|txz|tzst|tbz2?|zip)$/i.test(fileName)

/**
 * Whether a path is a container's own output, kept by the kubelet or linked by the runtime. It is what a program said, not
 * what the node says, and may quote anything.
 */
export const isContainerLog = (path: string): boolean =>
  /(?:^|\/)pods\/[^/_]+_[^/_]+_[0-9a-f-]{32,36}\//.test(path) ||
  /(?:^|\/)containers\/[^/_]+_[^/_]+_[^/]+\.log$/.test(path)
