import type { ContainerCreated } from '../../model/event.ts'
import {
  AMPERSAND,
  ID,
  ID_LENGTH,
  LOGFMT_STARTS,
  logfmtLine,
  QUOTE,
  readOwnStamp,
  readProto,
  USUAL_HEAD,
  usualStamp,
  whole,
} from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, NO_STAMP, SANDBOX } from '../sample-ids.ts'

const STAMP = { ownMs: Date.UTC(2022, 2, 15, 0, 22, 42) + 67.1143, ownIso: '2022-03-15T00:22:42.067114300Z' }
const HEAD = 'time="2022-03-15T00:22:42.067114300Z" level=info msg='
const SUBJECT = `CreateContainer within sandbox ${QUOTE}(?<sandbox>${ID})${QUOTE} for (?:container )?`
const RESULT = `returns container id ${QUOTE}(?<id>${ID})`
const USUAL = new RegExp(
  String.raw`^${USUAL_HEAD}CreateContainer within sandbox \\"([0-9a-f]+)\\" for &ContainerMetadata\{Name:([\w.-]{1,256}),Attempt:(\d{1,9}),\} returns container id \\"([0-9a-f]+)\\""$`,
)
const created = {
  containerId: CONTAINER,
  sandboxId: SANDBOX,
  name: 'app',
  attempt: 0,
  podName: null,
  namespace: null,
  podUid: null,
  image: null,
}

/**
 * `CreateContainer within sandbox "…" for … returns container id "…"`: whose a container is. The sandbox leads on to
 * the pod. The line without `returns` is the request; one with `failed` or `error=` made no container.
 */
export const createContainer: Recogniser<ContainerCreated> = {
  kind: 'container-created',
  source: 'containerd/containerd pkg/cri/server/instrumented_service.go CreateContainer(), v1.2.0 to v2.2.0',
  needles: ['returns container id'],
  starts: [...LOGFMT_STARTS, 'CreateContainer'],
  wordings: [
    {
      // The text form of protobuf; attempt 0 is left out.
      since: 'containerd 2.2',
      pattern: logfmtLine(`${SUBJECT}(?<metadata>[a-z_]{1,40}:[^{}\\n]{1,2000}) ${RESULT}`),
      samples: [
        {
          message: String.raw`${HEAD}"CreateContainer within sandbox \"${SANDBOX}\" for name:\"app\" returns container id \"${CONTAINER}\""`,
          expect: { ...created, ...STAMP },
        },
        {
          message: String.raw`${HEAD}"CreateContainer within sandbox \"${SANDBOX}\" for attempt:4  name:\"app\" returns container id \"${CONTAINER}\""`,
          expect: { ...created, attempt: 4, ...STAMP },
        },
      ],
    },
    {
      since: 'containerd 1.2',
      pattern: logfmtLine(`${SUBJECT}${AMPERSAND}ContainerMetadata\\{(?<metadata>[^}\\n]{0,2000})\\} ${RESULT}`),
      samples: [
        {
          message: String.raw`${HEAD}"CreateContainer within sandbox \"${SANDBOX}\" for &ContainerMetadata{Name:app,Attempt:1,} returns container id \"${CONTAINER}\""`,
          expect: { ...created, attempt: 1, ...STAMP },
        },
        {
          message: `CreateContainer within sandbox "${SANDBOX}" for &ContainerMetadata{Name:app,Attempt:0,} returns container id "${CONTAINER}"`,
          expect: { ...created, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ sandbox, metadata, id }, message) => {
    const fields = readProto(metadata ?? '')
    return {
      containerId: id!,
      sandboxId: sandbox!,
      name: fields.get('name') || null,
      attempt: fields.has('attempt') ? whole(fields.get('attempt')) : 0,
      podName: null,
      namespace: null,
      podUid: null,
      image: null,
      ...readOwnStamp(message),
    }
  },
  scan: message => {
    const [, stamp, sandboxId, name, attempt, containerId] = USUAL.exec(message) ?? []
    const own = stamp === undefined ? undefined : usualStamp(stamp)
    if (own === undefined || containerId?.length !== ID_LENGTH || sandboxId?.length !== ID_LENGTH) return undefined
    return {
      kind: 'container-created',
      containerId,
      sandboxId,
      name: name!,
      attempt: Number(attempt),
      podName: null,
      namespace: null,
      podUid: null,
      image: null,
      ...own,
    }
  },
}
