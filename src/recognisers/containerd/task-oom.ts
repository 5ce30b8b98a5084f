import type { TaskOom } from '../../model/event.ts'
import { AMPERSAND, ID, LOGFMT_STARTS, logfmtLine, QUOTE, readOwnStamp } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP } from '../sample-ids.ts'

/** After the id: its own delimiter, or the place where the line was cut. */
const END = String.raw`(?=[,}\\"&]|\.{3}|…|$)`
const STAMP = { ownMs: Date.UTC(2022, 2, 15, 0, 22, 41) + 553.168162, ownIso: '2022-03-15T09:22:41.553168162+09:00' }
const HEAD = 'time="2022-03-15T09:22:41.553168162+09:00" level=info msg='

/**
 * `TaskOOM event …`: a cgroup of containerd's CRI plugin ran into its limit, or a process in it was killed.
 *
 * The id is a container's, a sandbox's (a limit of the pod, on cgroup v1) or one already removed. The lines `Events for
 * "…" is in backoff, enqueue event TaskOOM …` and `event published … type=containerd.events.TaskOOM` tell nothing new:
 * the first repeats an event, the second has no id.
 */
export const taskOom: Recogniser<TaskOom> = {
  kind: 'task-oom',
  source: 'containerd/containerd pkg/cri/server/events.go eventMonitor.start(), v1.2.0 to v2.2.0',
  // Shared with conmon's `OOM event received`. Not `TaskOOM` alone, which is in lines of the debug log that say nothing.
  needles: ['OOM event'],
  starts: [...LOGFMT_STARTS, 'TaskOOM'],
  wordings: [
    {
      since: 'containerd 1.7',
      pattern: logfmtLine(String.raw`TaskOOM event container_id:\s{0,2}${QUOTE}(?<id>${ID})${END}`),
      samples: [
        {
          message: String.raw`${HEAD}"TaskOOM event container_id:\"${CONTAINER}\""`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
        {
          message: `INFO[2022-03-15T09:22:41.553168162+09:00] TaskOOM event container_id:"${CONTAINER}"`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
        {
          message: String.raw`{"level":"info","msg":"TaskOOM event container_id:\"${CONTAINER}\"","time":"2022-03-15T09:22:41.553168162+09:00"}`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
        { message: `TaskOOM event container_id:"my.box-1"`, expect: { containerId: 'my.box-1', ...NO_STAMP } },
      ],
    },
    {
      // 1.2 has no XXX_unrecognized. Pages escape the ampersand.
      since: 'containerd 1.2',
      pattern: logfmtLine(`TaskOOM event ${AMPERSAND}TaskOOM\\{ContainerID:(?<id>${ID})${END}`),
      samples: [
        {
          message: `${HEAD}"TaskOOM event &TaskOOM{ContainerID:${CONTAINER},XXX_unrecognized:[],}"`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
        {
          message: `${HEAD}"TaskOOM event &TaskOOM{ContainerID:${CONTAINER},}"`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
        {
          message: `${HEAD}"TaskOOM event &amp;TaskOOM{ContainerID:${CONTAINER},XXX_unrecognized:[],}"`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
        {
          message: String.raw`{"level":"info","msg":"TaskOOM event \u0026TaskOOM{ContainerID:${CONTAINER},XXX_unrecognized:[],}","time":"2022-03-15T09:22:41.553168162+09:00"}`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
        {
          message: `"TaskOOM event &TaskOOM{ContainerID:${CONTAINER},XXX_unrecognized:[],}"`,
          expect: { containerId: CONTAINER, ...NO_STAMP },
        },
        {
          message: `level=info msg="TaskOOM event &TaskOOM{ContainerID:4f0e7b8bd0f7...`,
          expect: { containerId: '4f0e7b8bd0f7', ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ id }, message) => ({ containerId: id!, ...readOwnStamp(message) }),
}
