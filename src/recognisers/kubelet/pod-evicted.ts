import type { PodEvicted } from '../../model/event.ts'
import { KLOG_STARTS, klogJson, klogLine, POD_OLD, readKlogFields, readKlogStamp, splitPod } from '../klog.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP, POD_UID } from '../sample-ids.ts'

const NEW =
  'I0315 09:22:41.553168    1234 eviction_manager.go:614] "Eviction manager: pod is evicted successfully" pod="shop/web-0"'
const OLD = `I0315 09:22:41.553168    1234 eviction_manager.go:567] eviction manager: pod web-0_shop(${POD_UID}) is evicted successfully`
const JSON_LINE =
  '{"ts":1647303761553.168,"caller":"eviction/eviction_manager.go:614","msg":"Eviction manager: pod is evicted successfully","v":0,"pod":{"name":"web-0","namespace":"shop"}}'

/**
 * `… is evicted successfully`: the kubelet ended a pod. The line does not say for the lack of what; the `must evict
 * pod(s) to reclaim …` line before it does.
 */
export const podEvicted: Recogniser<PodEvicted> = {
  kind: 'pod-evicted',
  source: 'kubernetes/kubernetes pkg/kubelet/eviction/eviction_manager.go evictPod(), v1.14 to v1.32',
  // Not `evict`, which is in the kernel's `unevictable`.
  needles: ['Eviction manager: ', 'eviction manager: '],
  starts: [...KLOG_STARTS, 'eviction manager'],
  wordings: [
    {
      since: 'kubelet 1.21, --logging-format=json',
      pattern: klogJson('Eviction manager: pod is evicted successfully'),
      samples: [
        {
          message: JSON_LINE,
          expect: {
            podName: 'web-0',
            namespace: 'shop',
            podUid: null,
            text: JSON_LINE,
            ownMs: 1647303761553.168,
            ownIso: '2022-03-15T00:22:41.553Z',
          },
        },
      ],
    },
    {
      since: 'kubelet 1.21',
      pattern: klogLine('"Eviction manager: pod is evicted successfully" pod="'),
      samples: [
        { message: NEW, expect: { podName: 'web-0', namespace: 'shop', podUid: null, text: NEW, ...NO_STAMP } },
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine(`eviction manager: pod ${POD_OLD} is evicted successfully`),
      samples: [
        { message: OLD, expect: { podName: 'web-0', namespace: 'shop', podUid: POD_UID, text: OLD, ...NO_STAMP } },
      ],
    },
  ],
  read: ({ pod, namespace, uid }, message) => {
    const { podName, namespace: ns } =
      pod === undefined ? splitPod(readKlogFields(message).get('pod')) : { podName: pod, namespace: namespace ?? null }
    if (podName === null || ns === null) return null
    return { podName, namespace: ns, podUid: uid ?? null, text: message, ...readKlogStamp(message) }
  },
}
