import type { UserspaceKilled } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP } from '../sample-ids.ts'

const message = 'app.service: systemd-oomd killed 3 process(es) in this unit.'

/** `X: systemd-oomd killed N process(es) in this unit.`: systemd tells for the unit what systemd-oomd did. */
export const unitOomdKilled: Recogniser<UserspaceKilled> = {
  kind: 'userspace-killed',
  source: 'systemd/systemd src/core/unit.c unit_check_oomd_kill(), v247 to v258',
  needles: ['oomd kill'],
  has: 'systemd-oomd killed',
  wordings: [
    {
      since: 'systemd 247',
      pattern:
        /^(?<unit>[^\s"]{1,256}\.[a-z]{5,7}): systemd-oomd killed (?:\d{1,9}|some) process(?:\(es\)|es)? in this unit/,
      samples: [
        {
          message,
          expect: {
            by: 'systemd-oomd',
            path: 'app.service',
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
  read: ({ unit }, text) => ({
    by: 'systemd-oomd',
    // The unit's name alone: the last component of the path that systemd-oomd itself names.
    path: unit!,
    pid: null,
    comm: null,
    uid: null,
    rssBytes: null,
    text,
    ...NO_STAMP,
  }),
}
