import type { ContainerNamed } from '../../model/event.ts'
import { containerIdOf, KLOG_STARTS, klogJson, klogLine, readKlogFields, readKlogStamp, splitPod } from '../klog.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP, POD_UID } from '../sample-ids.ts'

const killing = {
  containerId: CONTAINER,
  name: 'app',
  podName: 'web-0',
  namespace: 'shop',
  podUid: POD_UID,
  event: 'Killing',
  exitCode: null,
}

/** `Killing container …`: the kubelet asks for a container's end (a probe, a deletion, an eviction). No OOM by itself. */
export const killContainer: Recogniser<ContainerNamed> = {
  kind: 'container-named',
  source: 'kubernetes/kubernetes pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer(), v1.14 to v1.32',
  // Serves earlyoom 1.0, too.
  needles: ['Killing '],
  starts: [...KLOG_STARTS, 'Killing container'],
  wordings: [
    {
      since: 'kubelet 1.21, --logging-format=json',
      pattern: klogJson('Killing container with a grace period(?: override)?'),
      samples: [
        {
          message: `{"ts":1647303761553.168,"caller":"kuberuntime/kuberuntime_container.go:709","msg":"Killing container with a grace period","v":2,"pod":{"name":"web-0","namespace":"shop"},"podUID":"${POD_UID}","containerName":"app","containerID":"containerd://${CONTAINER}","gracePeriod":30}`,
          expect: { ...killing, ownMs: 1647303761553.168, ownIso: '2022-03-15T00:22:41.553Z' },
        },
      ],
    },
    {
      // The uid is bare or quoted.
      since: 'kubelet 1.21',
      pattern: klogLine('"Killing container with a grace period(?: override)?" '),
      samples: [
        {
          message: `I0315 09:22:41.885621    4052 kuberuntime_container.go:808] "Killing container with a grace period" pod="shop/web-0" podUID="${POD_UID}" containerName="app" containerID="containerd://${CONTAINER}" gracePeriod=30`,
          expect: { ...killing, ...NO_STAMP },
        },
        {
          message: `I0315 09:22:41.885621    4052 kuberuntime_container.go:716] "Killing container with a grace period override" pod="shop/web-0" podUID=${POD_UID} containerName="app" containerID="cri-o://${CONTAINER}" gracePeriod=2`,
          expect: { ...killing, ...NO_STAMP },
        },
      ],
    },
    {
      // 1.14 without `a`.
      since: 'kubelet 1.14',
      pattern: klogLine(
        String.raw`Killing container "(?:[a-z0-9-]{1,30}:\/\/)?(?<id>[0-9a-f]{6,64})" with (?:a )?\d{1,9} second grace period`,
      ),
      samples: [
        {
          message: `I0315 09:22:41.885621    4052 kuberuntime_container.go:581] Killing container "docker://${CONTAINER}" with a 30 second grace period`,
          expect: { ...killing, name: null, podName: null, namespace: null, podUid: null, ...NO_STAMP },
        },
        {
          message: `Killing container "docker://${CONTAINER}" with 30 second grace period`,
          expect: { ...killing, name: null, podName: null, namespace: null, podUid: null, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ id }, message) => {
    const fields: ReadonlyMap<string, string> = id === undefined ? readKlogFields(message) : new Map()
    const containerId = id ?? containerIdOf(fields.get('containerID'))
    if (containerId === null) return null
    return {
      containerId,
      name: fields.get('containerName') || null,
      ...splitPod(fields.get('pod')),
      podUid: fields.get('podUID') || null,
      event: 'Killing',
      exitCode: null,
      ...readKlogStamp(message),
    }
  },
}
