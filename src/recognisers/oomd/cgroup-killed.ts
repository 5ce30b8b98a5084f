import type { UserspaceKilled } from '../../model/event.ts'
import { whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP } from '../sample-ids.ts'

const message =
  'oomd kill: 81.28 80.05 42.78 workload.slice/web.service 5873664 ruleset:[protection] detectorgroup:[high memory pressure] killer:kill_by_pressure v2'

/** `oomd kill: …`: pressure over 10, 60 and 600 s, the cgroup, its memory in bytes, and why. Written to /dev/kmsg. */
export const cgroupKilled: Recogniser<UserspaceKilled> = {
  kind: 'userspace-killed',
  source: 'facebookincubator/oomd src/oomd/plugins/BaseKillPlugin.cpp logKill(), v0.1 to v0.5',
  needles: ['oomd kill'],
  starts: ['oomd kill: '],
  wordings: [
    {
      since: 'oomd 0.1',
      pattern: /^oomd kill: (?:[\d.]{1,12} ){3}(?<path>\S{1,4000}) {1,2}(?<bytes>\d{1,16}) /,
      samples: [
        {
          message,
          expect: {
            by: 'oomd',
            path: '/workload.slice/web.service',
            pid: null,
            comm: null,
            uid: null,
            rssBytes: 5873664,
            text: message,
            ...NO_STAMP,
          },
        },
      ],
    },
  ],
  read: ({ path, bytes }, text) => ({
    by: 'oomd',
    path: path!.startsWith('/') ? path! : `/${path}`,
    pid: null,
    comm: null,
    uid: null,
    rssBytes: whole(bytes),
    text,
    ...NO_STAMP,
  }),
}
