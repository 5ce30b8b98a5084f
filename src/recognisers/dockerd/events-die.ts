import type { TaskExit } from '../../model/event.ts'
import { ownStamp, whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP } from '../sample-ids.ts'
import { labelsOf, readEventJson } from './event-labels.ts'

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
  needles: ['container die ', '"status":"die"', '"Action":"die"'],
  starts: ['2', 'container die ', '{"status":"die"', '{"Type":"container"'],
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
    {
      // docker events --format '{{json .}}'; up to 28 status, id and from stand before it once more
      since: 'docker 1.7',
      pattern:
        /^\{(?:"status":"die","id":"(?<id>[0-9a-f]{64})"|"Type":"container","Action":"die","Actor":\{"ID":"(?<actor>[0-9a-f]{64})")/,
      samples: [
        {
          message: `{"status":"die","id":"${CONTAINER}","from":"web:1","Type":"container","Action":"die","Actor":{"ID":"${CONTAINER}","Attributes":{"exitCode":"137","image":"web:1","name":"web"}},"scope":"local","time":1647303761,"timeNano":1647303761553168162}`,
          expect: {
            ...died,
            ownMs: Date.UTC(2022, 2, 15, 0, 22, 41) + 553.168162,
            ownIso: '2022-03-15T00:22:41.553168162Z',
          },
        },
        {
          message: `{"Type":"container","Action":"die","Actor":{"ID":"${CONTAINER}","Attributes":{"exitCode":"137","image":"web:1","io.kubernetes.container.name":"web","io.kubernetes.pod.name":"web-0","io.kubernetes.pod.namespace":"shop","na`,
          expect: {
            ...died,
            docker: { ...died.docker, name: 'web', podName: 'web-0', namespace: 'shop' },
            ...NO_STAMP,
          },
        },
      ],
    },
  ],
  read: ({ id, actor, time, attributes }, message) => {
    const event = attributes === undefined ? readEventJson(message) : null
    const containerId = (id ?? actor)!
    return {
      containerId,
      execId: containerId,
      pid: null,
      exitStatus: whole(
        event?.attributes('exitCode') ?? /(?:^|, )exitCode=(\d{1,3})(?=[,)])/.exec(attributes ?? '')?.[1],
      ),
      docker: event?.docker ?? labelsOf(attributes),
      ...(event?.stamp ?? ownStamp(time)),
    }
  },
}
