import type { TaskOom } from '../../model/event.ts'
import { ID } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP } from '../sample-ids.ts'

/** `/tasks/oom {"container_id":"…"}`: saved output of `ctr events` or `nerdctl events`, behind the time and the namespace. */
export const eventsOom: Recogniser<TaskOom> = {
  kind: 'task-oom',
  source:
    'containerd/containerd cmd/ctr/commands/events/events.go, v1.0 to v2.2; containerd/nerdctl pkg/cmd/system/events.go',
  needles: ['/tasks/oom {"'],
  has: '/tasks/oom {"',
  wordings: [
    {
      since: 'containerd 1.0',
      pattern: new RegExp(`^(?:[\\w.-]{1,76} )?/tasks/oom \\{"container_id":"(?<id>${ID})"`),
      samples: [
        {
          message: `k8s.io /tasks/oom {"container_id":"${CONTAINER}"}`,
          expect: { containerId: CONTAINER, ...NO_STAMP },
        },
        { message: '/tasks/oom {"container_id":"my.box-1"}', expect: { containerId: 'my.box-1', ...NO_STAMP } },
      ],
    },
  ],
  read: ({ id }) => ({ containerId: id!, ownMs: null, ownIso: null }),
}
