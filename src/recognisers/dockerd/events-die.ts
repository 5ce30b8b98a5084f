import type { TaskExit } from '../../model/event.ts'
import { ownStamp, whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP } from '../sample-ids.ts'
import { labelsOf } from './event-labels.ts'

const died = {
  containerId: CONTAINER,
  execId: CONTAINER,
  pid: null,
  exitStatus: 137,
  docker: { name: null, podName: null, namespace: null, podUid: null, sandboxId: null, image: 'web:1' },
}

/** `container die I (exitCode=137, …)`: saved output of `docker events`. */
export const eventsDie: Recogniser<TaskExit> = {
  kind: 'task-exit',
  source: 'docker/cli cli/command/system/events.go prettyPrintEvent(), 1.10 to 28',
  needles: ['container die '],
  starts: ['2', 'container die '],
  wordings: [
    {
      // The attributes are sorted by name; labels stand among them.
      since: 'docker 1.10',
      pattern:
        /^(?:(?<time>2\d{3}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) )?container die (?<id>[0-9a-f]{64}) \((?<attributes>[^\n]*)$/,
      samples: [
        {
          message: `2022-03-15T09:22:41.553168162+09:00 container die ${CONTAINER} (execDuration=3, exitCode=137, image=web:1, name=web)`,
          expect: {
            ...died,
            ownMs: Date.UTC(2022, 2, 15, 0, 22, 41) + 553.168162,
            ownIso: '2022-03-15T09:22:41.553168162+09:00',
          },
        },
        {
          message: `container die ${CONTAINER} (exitCode=137, image=web:1, name=web)`,
          expect: { ...died, ...NO_STAMP },
        },
        {
          message: `container die ${CONTAINER} (image=web:1, name=web)`,
          expect: { ...died, exitStatus: null, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ id, time, attributes }) => ({
    containerId: id!,
    execId: id!,
    pid: null,
    exitStatus: whole(/(?:^|, )exitCode=(\d{1,3})(?=[,)])/.exec(attributes ?? '')?.[1]),
    docker: labelsOf(attributes),
    ...ownStamp(time),
  }),
}
