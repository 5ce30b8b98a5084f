import type { ContainerNamed } from '../../model/event.ts'
import { containerIdOf, KLOG_STARTS, klogJson, klogLine, readKlogFields, readKlogStamp } from '../klog.ts'
import { whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP, POD_UID } from '../sample-ids.ts'

const finished = {
  containerId: CONTAINER,
  name: null,
  podName: null,
  namespace: null,
  podUid: POD_UID,
  event: 'ContainerFinished',
  exitCode: 137,
}

/** `Generic (PLEG): container finished`: the exit code of a container that died since the last look. */
export const containerFinished: Recogniser<ContainerNamed> = {
  kind: 'container-named',
  source: 'kubernetes/kubernetes pkg/kubelet/pleg/generic.go Relist(), v1.21 to v1.32',
  needles: ['PLEG)'],
  starts: [...KLOG_STARTS],
  wordings: [
    {
      since: 'kubelet 1.21, --logging-format=json',
      pattern: klogJson(String.raw`Generic \(PLEG\): container finished`),
      samples: [
        {
          message: `{"ts":1647303761553.168,"caller":"pleg/generic.go:334","msg":"Generic (PLEG): container finished","v":2,"podID":"${POD_UID}","containerID":"${CONTAINER}","exitCode":137}`,
          expect: { ...finished, ownMs: 1647303761553.168, ownIso: '2022-03-15T00:22:41.553Z' },
        },
      ],
    },
    {
      since: 'kubelet 1.21',
      pattern: klogLine(String.raw`"Generic \(PLEG\): container finished" podID=`),
      samples: [
        {
          message: `I0315 09:22:43.510003    1412 generic.go:334] "Generic (PLEG): container finished" podID="${POD_UID}" containerID="${CONTAINER}" exitCode=137`,
          expect: { ...finished, ...NO_STAMP },
        },
        {
          message: `I0315 09:22:43.510003    1412 generic.go:296] "Generic (PLEG): container finished" podID=${POD_UID} containerID="${CONTAINER}" exitCode=0`,
          expect: { ...finished, exitCode: 0, ...NO_STAMP },
        },
      ],
    },
  ],
  read: (_, message) => {
    const fields = readKlogFields(message)
    const containerId = containerIdOf(fields.get('containerID'))
    if (containerId === null) return null
    return {
      containerId,
      name: null,
      podName: null,
      namespace: null,
      podUid: fields.get('podID') || null,
      event: 'ContainerFinished',
      exitCode: whole(fields.get('exitCode')),
      ...readKlogStamp(message),
    }
  },
}
