import type { PodNamed } from '../../model/event.ts'
import { KLOG_STARTS, klogJson, klogLine, POD_OLD, readKlogFields, readKlogStamp, splitPod } from '../klog.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP, POD_UID } from '../sample-ids.ts'

const stuck = { podName: 'web-0', namespace: 'shop', podUid: POD_UID, name: 'app', event: 'BackOff' }
const START = String.raw`\[?failed to \\{0,2}"StartContainer\\{0,2}" for \\{0,2}"(?<name>[^"\\]{1,253})\\{0,2}" with (?<reason>\w{1,60})`
const TEXT = String.raw`failed to \"StartContainer\" for \"app\" with CrashLoopBackOff: \"back-off 5m0s restarting failed container=app pod=web-0_shop(${POD_UID})\"`

/**
 * `Error syncing pod …: failed to "StartContainer" for "app" with CrashLoopBackOff`: the container keeps ending and is
 * made to wait. Of several containers in one line the first is told.
 */
export const backOff: Recogniser<PodNamed> = {
  kind: 'pod-named',
  source: 'kubernetes/kubernetes pkg/kubelet/pod_workers.go, v1.14 to v1.32',
  needles: ['StartContainer'],
  starts: [...KLOG_STARTS, 'Error syncing'],
  wordings: [
    {
      since: 'kubelet 1.21, --logging-format=json',
      pattern: klogJson(String.raw`Error syncing pod, skipping","err":"${START}[^\n]*`),
      samples: [
        {
          message: `{"ts":1647303761553.168,"caller":"kubelet/pod_workers.go:965","msg":"Error syncing pod, skipping","err":"${TEXT}","pod":{"name":"web-0","namespace":"shop"},"podUID":"${POD_UID}"}`,
          expect: { ...stuck, ownMs: 1647303761553.168, ownIso: '2022-03-15T00:22:41.553Z' },
        },
      ],
    },
    {
      since: 'kubelet 1.21',
      pattern: klogLine(`"Error syncing pod, skipping" err="${START}`),
      samples: [
        {
          message: `E0315 09:22:41.553168    1234 pod_workers.go:965] "Error syncing pod, skipping" err="${TEXT}" pod="shop/web-0" podUID=${POD_UID}`,
          expect: { ...stuck, ...NO_STAMP },
        },
        {
          message: `E0315 09:22:41.553168    1234 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"app\\" with ImagePullBackOff: \\"Back-off pulling image \\\\\\"web:1\\\\\\"\\"" pod="shop/web-0" podUID="${POD_UID}"`,
          expect: { ...stuck, event: 'ImagePullBackOff', ...NO_STAMP },
        },
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine(String.raw`Error syncing pod [0-9a-f-]{1,36} \("${POD_OLD}"\), skipping: ${START}`),
      samples: [
        {
          message: `E0315 09:22:41.553168    1234 pod_workers.go:191] Error syncing pod ${POD_UID} ("web-0_shop(${POD_UID})"), skipping: failed to "StartContainer" for "app" with CrashLoopBackOff: "back-off 5m0s restarting failed container=app pod=web-0_shop(${POD_UID})"`,
          expect: { ...stuck, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ pod, namespace, uid, name, reason }, message) => {
    const event = reason === 'CrashLoopBackOff' ? 'BackOff' : (reason ?? null)
    const stamp = readKlogStamp(message)
    if (pod !== undefined && namespace !== undefined)
      return { podName: pod, namespace, podUid: uid ?? null, name: name ?? null, event, ...stamp }
    const fields = readKlogFields(message)
    const { podName, namespace: ns } = splitPod(fields.get('pod'))
    if (podName === null || ns === null) return null
    return { podName, namespace: ns, podUid: fields.get('podUID') || null, name: name ?? null, event, ...stamp }
  },
}
