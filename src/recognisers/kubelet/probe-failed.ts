import type { PodNamed } from '../../model/event.ts'
import { KLOG_STARTS, klogJson, klogLine, POD_OLD, readKlogFields, readKlogStamp, splitPod } from '../klog.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP, POD_UID } from '../sample-ids.ts'

const failed = { podName: 'web-0', namespace: 'shop', podUid: POD_UID, name: 'app', event: 'ProbeFailed' }

/** `Probe failed`: a container that thrashes at its limit answers no probe; a failed liveness probe ends it. */
export const probeFailed: Recogniser<PodNamed> = {
  kind: 'pod-named',
  source: 'kubernetes/kubernetes pkg/kubelet/prober/prober.go probe(), v1.14 to v1.32',
  needles: ['probeResult', 'probe for '],
  starts: [...KLOG_STARTS, 'Liveness probe', 'Readiness probe', 'Startup probe'],
  wordings: [
    {
      since: 'kubelet 1.21, --logging-format=json',
      pattern: klogJson('Probe failed'),
      samples: [
        {
          message: `{"ts":1647303761553.168,"caller":"prober/prober.go:107","msg":"Probe failed","v":1,"probeType":"Liveness","pod":{"name":"web-0","namespace":"shop"},"podUID":"${POD_UID}","containerName":"app","probeResult":"failure","output":"HTTP probe failed with statuscode: 500"}`,
          expect: { ...failed, ownMs: 1647303761553.168, ownIso: '2022-03-15T00:22:41.553Z' },
        },
      ],
    },
    {
      since: 'kubelet 1.21',
      pattern: klogLine('"Probe failed" probeType='),
      samples: [
        {
          message: `I0315 09:22:41.133005    3782 prober.go:107] "Probe failed" probeType="Readiness" pod="shop/web-0" podUID="${POD_UID}" containerName="app" probeResult="failure" output="HTTP probe failed with statuscode: 500"`,
          expect: { ...failed, ...NO_STAMP },
        },
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine(
        `(?:Liveness|Readiness|Startup) probe for "${POD_OLD}:(?<name>[^"\\\\]{1,253})" (?:failed|errored)`,
      ),
      samples: [
        {
          message: `I0315 09:22:41.133005    3782 prober.go:117] Liveness probe for "web-0_shop(${POD_UID}):app" failed (failure): HTTP probe failed with statuscode: 500`,
          expect: { ...failed, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ pod, namespace, uid, name }, message) => {
    const stamp = readKlogStamp(message)
    if (pod !== undefined && namespace !== undefined)
      return { podName: pod, namespace, podUid: uid ?? null, name: name ?? null, event: 'ProbeFailed', ...stamp }
    const fields = readKlogFields(message)
    const { podName, namespace: ns } = splitPod(fields.get('pod'))
    if (podName === null || ns === null) return null
    const podUid = fields.get('podUID') || null
    return { podName, namespace: ns, podUid, name: fields.get('containerName') || null, event: 'ProbeFailed', ...stamp }
  },
}
