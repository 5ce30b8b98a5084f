import type { UserspaceKilled } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP, POD_UID } from '../sample-ids.ts'

const CGROUP = '/sys/fs/cgroup'
const message = `[talos] Sending SIGKILL to cgroup {"component": "controller-runtime", "controller": "runtime.OOMController", "cgroup": "${CGROUP}/kubepods/burstable/pod${POD_UID}"}`

/** `Sending SIGKILL to cgroup {…}`: the OOM controller of Talos kills a whole cgroup when the node is under pressure. */
export const cgroupKilled: Recogniser<UserspaceKilled> = {
  kind: 'userspace-killed',
  source: 'siderolabs/talos internal/app/machined/pkg/controllers/runtime/oom.go, v1.12',
  needles: ['ending SIG'],
  starts: ['[talos] Sending', 'Sending SIGKILL to cgroup'],
  wordings: [
    {
      since: 'Talos 1.12',
      pattern: /^(?:\[talos\] )?Sending SIGKILL to cgroup \{(?:[^\n]{0,400}?, ?)?"cgroup": ?"(?<path>[^"\n]{1,4000})"/,
      samples: [
        {
          message,
          expect: {
            by: 'talos',
            path: `/kubepods/burstable/pod${POD_UID}`,
            pid: null,
            comm: null,
            uid: null,
            rssBytes: null,
            text: message,
            ...NO_STAMP,
          },
        },
      ],
    },
  ],
  read: ({ path }, text) => ({
    by: 'talos',
    path: path!.startsWith(`${CGROUP}/`) ? path!.slice(CGROUP.length) : path!,
    pid: null,
    comm: null,
    uid: null,
    rssBytes: null,
    text,
    ...NO_STAMP,
  }),
}
