import type { TaskOom } from '../../model/event.ts'
import { ownStamp } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP, POD_UID, SANDBOX } from '../sample-ids.ts'
import { labelsOf, readEventJson } from './event-labels.ts'

const NO_LABELS = { name: null, podName: null, namespace: null, podUid: null, sandboxId: null }

/**
 * `container oom I (…)`: saved output of `docker events`. The daemon's own log has no line with an id for an OOM: its
 * debug line `event … topic=/tasks/oom` names none.
 */
export const eventsOom: Recogniser<TaskOom> = {
  kind: 'task-oom',
  source: 'docker/cli cli/command/system/events.go prettyPrintEvent(), 1.10 to 28',
  needles: ['container oom ', '"status":"oom"', '"Action":"oom"'],
  starts: ['2', 'container oom ', '{"status":"oom"', '{"Type":"container"'],
  wordings: [
    {
      since: 'docker 1.10',
      pattern:
        /^(?:(?<time>2\d{3}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) )?container oom (?<id>[0-9a-f]{64}) \((?<attributes>[^\n]*)$/,
      samples: [
        {
          message: `2022-03-15T09:22:41.553168162+09:00 container oom ${CONTAINER} (image=web:1, name=web)`,
          expect: {
            containerId: CONTAINER,
            docker: { ...NO_LABELS, image: 'web:1' },
            ownMs: Date.UTC(2022, 2, 15, 0, 22, 41) + 553.168162,
            ownIso: '2022-03-15T09:22:41.553168162+09:00',
          },
        },
        {
          message: `container oom ${CONTAINER} (image=web:1, name=web)`,
          expect: { containerId: CONTAINER, docker: { ...NO_LABELS, image: 'web:1' }, ...NO_STAMP },
        },
        {
          // Of the kubelet's dockershim; cut.
          message: `container oom ${CONTAINER} (image=sha256:4f0e, io.kubernetes.container.name=web, io.kubernetes.pod.name=web-0, io.kubernetes.pod.namespace=shop, io.kubernetes.pod.uid=${POD_UID}, io.kubernetes.sandbox.id=${SANDBOX}, name=k8s_web_w`,
          expect: {
            containerId: CONTAINER,
            docker: {
              name: 'web',
              podName: 'web-0',
              namespace: 'shop',
              podUid: POD_UID,
              sandboxId: SANDBOX,
              image: 'sha256:4f0e',
            },
            ...NO_STAMP,
          },
        },
      ],
    },
    {
      // docker events --format '{{json .}}'; up to 28 status, id and from stand before it once more
      since: 'docker 1.7',
      pattern:
        /^\{(?:"status":"oom","id":"(?<id>[0-9a-f]{64})"|"Type":"container","Action":"oom","Actor":\{"ID":"(?<actor>[0-9a-f]{64})")/,
      samples: [
        {
          message: `{"status":"oom","id":"${CONTAINER}","from":"web:1","Type":"container","Action":"oom","Actor":{"ID":"${CONTAINER}","Attributes":{"image":"web:1","name":"web"}},"scope":"local","time":1647303761,"timeNano":1647303761553168162}`,
          expect: {
            containerId: CONTAINER,
            docker: { ...NO_LABELS, image: 'web:1' },
            ownMs: Date.UTC(2022, 2, 15, 0, 22, 41) + 553.168162,
            ownIso: '2022-03-15T00:22:41.553168162Z',
          },
        },
        {
          message: `{"Type":"container","Action":"oom","Actor":{"ID":"${CONTAINER}","Attributes":{"image":"web:1","io.kubernetes.container.name":"web","io.kubernetes.pod.name":"web-0","io.kubernetes.pod.namespace":"shop","na`,
          expect: {
            containerId: CONTAINER,
            docker: { ...NO_LABELS, name: 'web', podName: 'web-0', namespace: 'shop', image: 'web:1' },
            ...NO_STAMP,
          },
        },
      ],
    },
  ],
  read: ({ id, actor, time, attributes }, message) => {
    if (attributes !== undefined) return { containerId: id!, docker: labelsOf(attributes), ...ownStamp(time) }
    const { docker, stamp } = readEventJson(message)
    return { containerId: (id ?? actor)!, docker, ...stamp }
  },
}
