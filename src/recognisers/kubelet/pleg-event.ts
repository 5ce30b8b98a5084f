import type { ContainerNamed } from '../../model/event.ts'
import {
  containerIdOf,
  KLOG_STARTS,
  klogJson,
  klogLine,
  POD_OLD,
  readKlogFields,
  readKlogStamp,
  splitPod,
} from '../klog.ts'
import { ID_LENGTH } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP, POD_UID } from '../sample-ids.ts'

const died = {
  containerId: CONTAINER,
  name: null,
  podName: 'web-0',
  namespace: 'shop',
  podUid: POD_UID,
  event: 'ContainerDied',
  exitCode: null,
}
const USUAL =
  /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} {1,8}\d{1,10} [\w.-]{1,64}:\d{1,6}\] "SyncLoop \(PLEG\): event for pod" pod="([^/"\\\n]{1,63})\/([^/"\\\n]{1,253})" event=\{"ID":"([0-9a-f-]{36})","Type":"(\w{1,80})","Data":"([0-9a-f]+)"\}$/
const SENTENCE = String.raw`"SyncLoop \(PLEG\): event for pod" `

/**
 * `SyncLoop (PLEG): …`: a container, or the sandbox of a pod (its id stands in the same place), started, died or was
 * removed. Found by looking once a second. Events without a container (`PodSync`) are none for us.
 */
export const plegEvent: Recogniser<ContainerNamed> = {
  kind: 'container-named',
  source: 'kubernetes/kubernetes pkg/kubelet/kubelet.go syncLoopIteration(), v1.14 to v1.32',
  needles: ['PLEG)'],
  starts: [...KLOG_STARTS, 'SyncLoop'],
  wordings: [
    {
      since: 'kubelet 1.19, --logging-format=json',
      pattern: klogJson(String.raw`SyncLoop \(PLEG\): event for pod`),
      samples: [
        {
          message: `{"ts":1647303761553.168,"caller":"kubelet/kubelet.go:2421","msg":"SyncLoop (PLEG): event for pod","v":2,"pod":{"name":"web-0","namespace":"shop"},"event":{"ID":"${POD_UID}","Type":"ContainerDied","Data":"${CONTAINER}"}}`,
          expect: { ...died, ownMs: 1647303761553.168, ownIso: '2022-03-15T00:22:41.553Z' },
        },
      ],
    },
    {
      since: 'kubelet 1.28',
      pattern: klogLine(String.raw`${SENTENCE}[^\n]{0,400}event=\{"`),
      samples: [
        {
          message: `I0315 09:22:43.512003    1412 kubelet.go:2421] "SyncLoop (PLEG): event for pod" pod="shop/web-0" event={"ID":"${POD_UID}","Type":"ContainerDied","Data":"${CONTAINER}"}`,
          expect: { ...died, ...NO_STAMP },
        },
      ],
    },
    {
      since: 'kubelet 1.21',
      pattern: klogLine(String.raw`${SENTENCE}[^\n]{0,400}event=&\{`),
      samples: [
        {
          message: `I0315 09:22:43.512003    1412 kubelet.go:1960] "SyncLoop (PLEG): event for pod" pod="shop/web-0" event=&{ID:${POD_UID} Type:ContainerStarted Data:${CONTAINER}}`,
          expect: { ...died, event: 'ContainerStarted', ...NO_STAMP },
        },
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine(
        String.raw`SyncLoop \(PLEG\): "${POD_OLD}", event: &pleg\.PodLifecycleEvent\{ID:"[0-9a-f-]{1,36}", Type:"(?<type>\w{1,40})", Data:"(?<id>[0-9a-f]{6,64})"\}`,
      ),
      samples: [
        {
          message: `I0315 09:22:43.512003    1412 kubelet.go:1950] SyncLoop (PLEG): "web-0_shop(${POD_UID})", event: &pleg.PodLifecycleEvent{ID:"${POD_UID}", Type:"ContainerDied", Data:"${CONTAINER}"}`,
          expect: { ...died, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ pod, namespace, uid, type, id }, message) => {
    if (id !== undefined && pod !== undefined && namespace !== undefined && uid !== undefined)
      return named(id, pod, namespace, uid, type, message)
    const fields = readKlogFields(message)
    const event = fields.get('event') ?? ''
    const containerId = containerIdOf(partOf(event, 'Data'))
    const { podName, namespace: ns } = splitPod(fields.get('pod'))
    return containerId === null
      ? null
      : named(containerId, podName, ns, partOf(event, 'ID'), partOf(event, 'Type'), message)
  },
  scan: message => {
    const [, namespace, podName, podUid, event, containerId] = USUAL.exec(message) ?? []
    if (containerId?.length !== ID_LENGTH) return undefined
    return {
      kind: 'container-named',
      containerId,
      name: null,
      podName: podName!,
      namespace: namespace!,
      podUid: podUid!,
      event: event!,
      exitCode: null,
      ownMs: null,
      ownIso: null,
    }
  },
}

/** A member of `{"ID":"…","Type":"…","Data":"…"}` or `&{ID:… Type:… Data:…}`. */
const partOf = (event: string, key: keyof typeof PARTS): string | undefined => PARTS[key].exec(event)?.[1]

const PARTS = {
  ID: /(?:^&?\{|[ ,])"?ID"?:"?([\w-]{1,80})/,
  Type: /(?:^&?\{|[ ,])"?Type"?:"?([\w-]{1,80})/,
  Data: /(?:^&?\{|[ ,])"?Data"?:"?([\w-]{1,80})/,
}

const named = (
  containerId: string,
  podName: string | null,
  namespace: string | null,
  podUid: string | undefined,
  event: string | undefined,
  message: string,
): Omit<ContainerNamed, 'kind'> => ({
  containerId,
  name: null,
  podName,
  namespace,
  podUid: podUid ?? null,
  event: event ?? null,
  exitCode: null,
  ...readKlogStamp(message),
})
