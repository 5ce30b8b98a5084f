import type { TaskExit } from '../../model/event.ts'
import { AMPERSAND, LOGFMT_STARTS, logfmtLine, readOwnStamp, readProto, whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP, SANDBOX } from '../sample-ids.ts'

const SUBJECT = '(?:received (?:(?:sandbox|container) ){0,2}exit event|TaskExit event(?: in podsandbox handler)?)'
const STAMP = { ownMs: Date.UTC(2022, 2, 15, 0, 22, 42) + 67.1143, ownIso: '2022-03-15T00:22:42.067114300Z' }
const HEAD = 'time="2022-03-15T00:22:42.067114300Z" level=info msg='
const EXEC = 'b2'.repeat(32)
const exit = { containerId: CONTAINER, execId: CONTAINER, pid: 48213, exitStatus: 137 }

/**
 * The end of a process that containerd started: a container's first process, an exec (`id` differs from the
 * container's) or a sandbox's. Printed at level info up to 1.4, and again from 1.6.37 and 1.7.24 on.
 *
 * The text form of protobuf leaves out what is 0: a whole line without `exit_status` is an exit with 0.
 */
export const taskExit: Recogniser<TaskExit> = {
  kind: 'task-exit',
  source: 'containerd/containerd pkg/cri/server/events.go, internal/cri/server/events/events.go, v1.2.0 to v2.2.0',
  // Common to `TaskExit event` and `received … exit event`.
  needles: ['xit event'],
  starts: [...LOGFMT_STARTS, 'received ', 'TaskExit '],
  wordings: [
    {
      since: 'containerd 1.7.24',
      pattern: logfmtLine(`${SUBJECT} (?<proto>(?:container_id|sandbox_id|id|pid|exit_status|exited_at):[^\\n]*)`),
      samples: [
        {
          message: String.raw`${HEAD}"received exit event container_id:\"${CONTAINER}\"  id:\"${CONTAINER}\"  pid:48213  exit_status:137  exited_at:{seconds:1647303762  nanos:61402331}"`,
          expect: { ...exit, ...STAMP },
        },
        {
          message: String.raw`${HEAD}"received container exit event container_id:\"${CONTAINER}\" id:\"${EXEC}\" pid:48213 exit_status:137 exited_at:{seconds:1647303762 nanos:61402331}"`,
          expect: { ...exit, execId: EXEC, ...STAMP },
        },
        {
          message: String.raw`${HEAD}"received exit event container_id:\"${CONTAINER}\"  id:\"${CONTAINER}\"  pid:48213  exited_at:{seconds:1647303762  nanos:61402331}"`,
          expect: { ...exit, exitStatus: 0, ...STAMP },
        },
        {
          message: String.raw`${HEAD}"received sandbox exit event container_id:\"${SANDBOX}\"  id:\"${SANDBOX}\"  exit_status:137  exited_at:{seconds:1647303762  nanos:61402331}" monitor_name=podsandbox`,
          expect: { containerId: SANDBOX, execId: SANDBOX, pid: null, exitStatus: 137, ...STAMP },
        },
        {
          message: String.raw`${HEAD}"received sandbox container exit event sandbox_id:\"${SANDBOX}\"  exit_status:137  exited_at:{seconds:1647303762  nanos:61402331}" monitor_name=criService`,
          expect: { containerId: SANDBOX, execId: null, pid: null, exitStatus: 137, ...STAMP },
        },
        {
          message: String.raw`${HEAD}"TaskExit event in podsandbox handler container_id:\"${SANDBOX}\" id:\"${SANDBOX}\" pid:48100 exit_status:137 exited_at:{seconds:1647303762 nanos:61402331}"`,
          expect: { containerId: SANDBOX, execId: SANDBOX, pid: 48100, exitStatus: 137, ...STAMP },
        },
        {
          message: `received exit event container_id:"${CONTAINER}" id:"${CONTAINER}" pid:48213`,
          expect: { ...exit, exitStatus: null, ...NO_STAMP },
        },
      ],
    },
    {
      since: 'containerd 1.2',
      pattern: logfmtLine(`${SUBJECT} ${AMPERSAND}TaskExit\\{(?<proto>ContainerID:[A-Za-z0-9][^\\n]*)`),
      samples: [
        {
          message: `${HEAD}"TaskExit event &TaskExit{ContainerID:${CONTAINER},ID:${CONTAINER},Pid:48213,ExitStatus:137,ExitedAt:2022-03-15 00:22:42.061402331 +0000 UTC,XXX_unrecognized:[],}"`,
          expect: { ...exit, ...STAMP },
        },
        {
          message: `${HEAD}"TaskExit event &TaskExit{ContainerID:${CONTAINER},ID:${EXEC},Pid:48213,ExitStatus:1,ExitedAt:2022-03-15 00:22:42.061402331 +0000 UTC,}"`,
          expect: { ...exit, execId: EXEC, exitStatus: 1, ...STAMP },
        },
        {
          message: `${HEAD}"received exit event &TaskExit{ContainerID:${CONTAINER},ID:${CONTAINER},Pid:48213,ExitStatus:0,ExitedAt:2022-03-15 00:22:42.061402331 +0000 UTC,XXX_unrecognized:[],}"`,
          expect: { ...exit, exitStatus: 0, ...STAMP },
        },
      ],
    },
  ],
  read: ({ proto }, message) => {
    const fields = readProto(proto ?? '')
    const containerId = fields.get('container_id') ?? fields.get('containerid') ?? fields.get('sandbox_id')
    if (!containerId) return null
    const status = whole(fields.get('exit_status') ?? fields.get('exitstatus'))
    return {
      containerId,
      execId: fields.get('id') || null,
      pid: whole(fields.get('pid')) || null,
      exitStatus: status ?? (fields.has('seconds') ? 0 : null),
      ...readOwnStamp(message),
    }
  },
}
