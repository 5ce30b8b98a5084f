/**
 * Lines of klog, which the kubelet logs with:
 *
 * ```
 * I0315 09:22:41.553168    1234 kubelet.go:2421] "SyncLoop (PLEG): event for pod" pod="shop/web-0" event={…}    1.21+
 * I0315 09:22:41.553168    1234 kubelet.go:1950] SyncLoop (PLEG): "web-0_shop(8a6f…)", event: &pleg.Pod…{…}    ≤1.20
 * {"ts":1647303761553.168,"caller":"kubelet/kubelet.go:2421","msg":"SyncLoop (PLEG): event for pod","pod":{…}}   JSON
 * ```
 *
 * The head says neither year nor zone, so only JSON has a stamp of its own. A line that lost its head is understood.
 *
 * @see kubernetes/klog klog.go, kubernetes/component-base logs/json
 */
import type { OwnStamp } from '../model/event.ts'

const HEAD = String.raw`(?:[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} {1,8}\d{1,10} [\w.-]{1,64}:\d{1,6}\] )?`
const JSON_HEAD = String.raw`\{(?:"\w{1,40}":(?:"[^"\\]*(?:\\.[^"\\]*)*"|[^",{}]{1,64}),)*?"msg":"`

/** What a klog line can begin with, for {@link Recogniser.starts}; the sentence's own first word is to be added. */
export const KLOG_STARTS = ['I0', 'I1', 'W0', 'W1', 'E0', 'E1', '"', '{"'] as const

/** The pattern of a line whose message begins with a sentence (source of a regular expression without anchors). */
export const klogLine = (sentence: string): RegExp => new RegExp(`^${HEAD}${sentence}`)

/** The same for a line of `--logging-format=json`; the sentence is the whole `msg`. */
export const klogJson = (sentence: string): RegExp => new RegExp(`^${JSON_HEAD}${sentence}",[^\\n]*\\}$`)

/** `web-0_shop(8a6f4c02-…)`: name, namespace and uid of a pod, up to 1.20. */
export const POD_OLD = String.raw`(?<pod>[^\s_"\\(),]{1,253})_(?<namespace>[^\s_"\\(),]{1,63})\((?<uid>[0-9a-f-]{1,36})\)`

const FIELD = /([\w.]{1,40})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|(&?\{[^{}\n]*\})|([^\s"{}]{1,300}))/g

/**
 * The fields of a structured line by name, unquoted: `pod="shop/web-0" event=&{ID:… Type:…}`. Of JSON, a pod
 * (`{"name":"web-0","namespace":"shop"}`) is given as in text; other objects as their JSON.
 */
export function readKlogFields(message: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  if (message.startsWith('{')) {
    for (const [key, value] of Object.entries(parseObject(message))) fields.set(key, asText(value))
    return fields
  }
  for (const [, key, quoted, struct, bare] of message.matchAll(FIELD)) {
    if (!fields.has(key!)) fields.set(key!, quoted?.replace(/\\(["\\])/g, '$1') ?? struct ?? bare ?? '')
  }
  return fields
}

/** The stamp of a JSON line (`ts` counts milliseconds); nulls of any other. */
export function readKlogStamp(message: string): OwnStamp {
  const ts = message.startsWith('{') ? /"ts":(\d{12,14}(?:\.\d{1,9})?)[,}]/.exec(message)?.[1] : undefined
  if (ts === undefined) return { ownMs: null, ownIso: null }
  const ownMs = Number(ts)
  return { ownMs, ownIso: new Date(ownMs).toISOString() }
}

/** `shop/web-0` in two; nulls where it is neither. */
export function splitPod(pod: string | undefined): { podName: string | null; namespace: string | null } {
  const parts = /^([^/]{1,63})\/([^/]{1,253})$/.exec(pod ?? '')
  return parts === null ? { podName: null, namespace: null } : { podName: parts[2]!, namespace: parts[1]! }
}

/** `containerd://4f0e…` without its scheme; null for anything that is no id. */
export const containerIdOf = (id: string | undefined): string | null =>
  /^(?:[a-z0-9-]{1,30}:\/\/)?([0-9a-f]{6,64})$/.exec(id ?? '')?.[1] ?? null

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if ('name' in value && 'namespace' in value) return `${value.namespace}/${value.name}`
  return JSON.stringify(value)
}
