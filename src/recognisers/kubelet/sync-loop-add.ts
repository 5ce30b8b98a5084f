import type { PodNamed } from '../../model/event.ts'
import { KLOG_STARTS, klogLine, POD_OLD, readKlogStamp, splitPod } from '../klog.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP, POD_UID } from '../sample-ids.ts'

/**
 * `SyncLoop ADD`: a pod was given to the node. From 1.21 on the line has no uid; up to 1.20 it has.
 *
 * At its start the kubelet names all pods of the node in one such line: the first is told, PLEG tells the others.
 */
export const syncLoopAdd: Recogniser<PodNamed> = {
  kind: 'pod-named',
  source: 'kubernetes/kubernetes pkg/kubelet/kubelet.go syncLoopIteration(), v1.14 to v1.32',
  // Not `SyncLoop`: UPDATE, RECONCILE and probe lines would come along.
  needles: ['SyncLoop ADD', 'SyncLoop (ADD'],
  starts: [...KLOG_STARTS, 'SyncLoop'],
  wordings: [
    {
      // 1.21 to 1.25 without quotes around the members.
      since: 'kubelet 1.21',
      pattern: klogLine(String.raw`"SyncLoop ADD" source="[^"]{0,40}" pods=\["?(?<key>[^\s"\],]{1,320})`),
      samples: [
        {
          message: 'I0315 09:22:41.449000    2775 kubelet.go:2425] "SyncLoop ADD" source="api" pods=["shop/web-0"]',
          expect: { podName: 'web-0', namespace: 'shop', podUid: null, name: null, event: 'SyncLoop ADD', ...NO_STAMP },
        },
        {
          message:
            'I0315 09:22:41.449000    2775 kubelet.go:2067] "SyncLoop ADD" source="api" pods=[shop/web-0 shop/web-1]',
          expect: { podName: 'web-0', namespace: 'shop', podUid: null, name: null, event: 'SyncLoop ADD', ...NO_STAMP },
        },
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine(String.raw`SyncLoop \(ADD, "[^"]{0,40}"\): "${POD_OLD}`),
      samples: [
        {
          message: `I0315 09:22:41.449000    2775 kubelet.go:1899] SyncLoop (ADD, "api"): "web-0_shop(${POD_UID})"`,
          expect: {
            podName: 'web-0',
            namespace: 'shop',
            podUid: POD_UID,
            name: null,
            event: 'SyncLoop ADD',
            ...NO_STAMP,
          },
        },
      ],
    },
  ],
  read: ({ key, pod, namespace, uid }, message) => {
    const { podName, namespace: ns } =
      pod === undefined ? splitPod(key) : { podName: pod, namespace: namespace ?? null }
    if (podName === null || ns === null) return null
    return { podName, namespace: ns, podUid: uid ?? null, name: null, event: 'SyncLoop ADD', ...readKlogStamp(message) }
  },
}
