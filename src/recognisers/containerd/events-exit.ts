import type { TaskExit } from '../../model/event.ts'
import { ID, whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP } from '../sample-ids.ts'

const EXEC = '9a31'

/** `/tasks/exit {"container_id":"…","exit_status":137,…}`, as `ctr events` shows it. */
export const eventsExit: Recogniser<TaskExit> = {
  kind: 'task-exit',
  source: 'containerd/containerd cmd/ctr/commands/events/events.go, v1.0 to v2.2',
  needles: ['/tasks/exit {"'],
  has: '/tasks/exit {"',
  wordings: [
    {
      since: 'containerd 1.0',
      pattern: new RegExp(`^(?:[\\w.-]{1,76} )?/tasks/exit \\{"container_id":"(?<id>${ID})"(?<rest>[^\\n]*)`),
      samples: [
        {
          message: `k8s.io /tasks/exit {"container_id":"${CONTAINER}","id":"${CONTAINER}","pid":48213,"exit_status":137,"exited_at":{"seconds":1647303761,"nanos":4}}`,
          expect: { containerId: CONTAINER, execId: CONTAINER, pid: 48213, exitStatus: 137, ...NO_STAMP },
        },
        {
          // 0 is left out
          message: `k8s.io /tasks/exit {"container_id":"${CONTAINER}","id":"${EXEC}","pid":48213,"exited_at":{"seconds":1647303761}}`,
          expect: { containerId: CONTAINER, execId: EXEC, pid: 48213, exitStatus: 0, ...NO_STAMP },
        },
        {
          message: `k8s.io /tasks/exit {"container_id":"${CONTAINER}","id":"${CONTAINER}","pid":48213,"exi`,
          expect: { containerId: CONTAINER, execId: CONTAINER, pid: 48213, exitStatus: null, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ id, rest }) => {
    const fields = rest ?? ''
    const status = whole(/"exit_status":(\d{1,3})/.exec(fields)?.[1])
    return {
      containerId: id!,
      execId: /"id":"([^"]{1,128})"/.exec(fields)?.[1] ?? null,
      pid: whole(/"pid":(\d{1,10})\b/.exec(fields)?.[1]),
      exitStatus: status ?? (fields.includes('"exited_at"') ? 0 : null),
      ownMs: null,
      ownIso: null,
    }
  },
}
