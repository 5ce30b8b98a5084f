import type { PodNamed } from '../../model/event.ts'
import { KLOG_STARTS, klogLine, POD_OLD } from '../klog.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP, POD_UID } from '../sample-ids.ts'

/**
 * `SyncLoop (ADD, …)`: a pod was given to the node. From 1.21 on the line has no uid, so it says nothing of use.
 *
 * At its start the kubelet names all pods of the node in one such line: the first is told, PLEG tells the others.
 */
export const syncLoopAdd: Recogniser<PodNamed> = {
  kind: 'pod-named',
  source: 'kubernetes/kubernetes pkg/kubelet/kubelet.go syncLoopIteration(), v1.14 to v1.20',
  // Not `SyncLoop`: the lines of UPDATE, RECONCILE and probes would come along.
  needles: ['(ADD, '],
  starts: [...KLOG_STARTS, 'SyncLoop'],
  wordings: [
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
  read: ({ pod, namespace, uid }) => ({
    podName: pod!,
    namespace: namespace!,
    podUid: uid!,
    name: null,
    event: 'SyncLoop ADD',
    ...NO_STAMP,
  }),
}
