import type { TaskOom } from '../../model/event.ts'
import { ownStamp } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP } from '../sample-ids.ts'

/**
 * `container oom I (…)`: saved output of `docker events`. The daemon's own log has no line with an id for an OOM: its
 * debug line `event … topic=/tasks/oom` names none.
 */
export const eventsOom: Recogniser<TaskOom> = {
  kind: 'task-oom',
  source: 'docker/cli cli/command/system/events.go prettyPrintEvent(), 1.10 to 28',
  needles: ['container oom '],
  starts: ['2', 'container oom '],
  wordings: [
    {
      since: 'docker 1.10',
      pattern: /^(?:(?<time>2\d{3}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) )?container oom (?<id>[0-9a-f]{64}) \(/,
      samples: [
        {
          message: `2022-03-15T09:22:41.553168162+09:00 container oom ${CONTAINER} (image=web:1, name=web)`,
          expect: {
            containerId: CONTAINER,
            ownMs: Date.UTC(2022, 2, 15, 0, 22, 41) + 553.168162,
            ownIso: '2022-03-15T09:22:41.553168162+09:00',
          },
        },
        {
          message: `container oom ${CONTAINER} (image=web:1, name=web)`,
          expect: { containerId: CONTAINER, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ id, time }) => ({ containerId: id!, ...ownStamp(time) }),
}
