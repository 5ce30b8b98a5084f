import type { TaskOom } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP } from '../sample-ids.ts'

/**
 * `conmon 3f1e2a… <ninfo>: OOM received`: CRI-O and podman themselves log no OOM at level info; the monitor of the
 * container does. It shows the first 20 digits of the id. On its error output it shows none (`[conmon:i]: …`): no event.
 */
export const conmonOom: Recogniser<TaskOom> = {
  kind: 'task-oom',
  source: 'containers/conmon src/oom.c, src/utils.h, v2.0 to v2.1',
  needles: ['OOM event', 'OOM received'],
  starts: ['conmon '],
  wordings: [
    {
      since: 'conmon 2.0',
      pattern: /^conmon (?<id>[0-9a-f]{6,64}) <[a-z]{1,12}>: OOM (?:event )?received/,
      samples: [
        {
          message: `conmon ${CONTAINER.slice(0, 20)} <ninfo>: OOM received`,
          expect: { containerId: CONTAINER.slice(0, 20), ...NO_STAMP },
        },
        {
          message: `conmon ${CONTAINER.slice(0, 20)} <ninfo>: OOM event received`,
          expect: { containerId: CONTAINER.slice(0, 20), ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ id }) => ({ containerId: id!, ...NO_STAMP }),
}
