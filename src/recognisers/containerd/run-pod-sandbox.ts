import type { SandboxCreated } from '../../model/event.ts'
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
import { NO_STAMP, POD_UID, SANDBOX } from '../sample-ids.ts'

const STAMP = { ownMs: Date.UTC(2022, 2, 15, 0, 22, 42) + 67.1143, ownIso: '2022-03-15T00:22:42.067114300Z' }
const HEAD = 'time="2022-03-15T00:22:42.067114300Z" level=info msg='
const USUAL = new RegExp(
  String.raw`^${USUAL_HEAD}RunPodSandbox for &PodSandboxMetadata\{Name:([\w.-]{1,256}),Uid:([\w.-]{1,256}),Namespace:([\w.-]{1,256}),Attempt:(\d{1,9}),\} returns sandbox id \\"([0-9a-f]+)\\""$`,
)
const pod = { sandboxId: SANDBOX, podName: 'web-0', namespace: 'shop', podUid: POD_UID, attempt: 0 }

/**
 * `RunPodSandbox for … returns sandbox id "…"`: whose a sandbox is. The line without `returns` is the request, which
 * has no id yet; one with `failed` or `error=` made no sandbox.
 */
export const runPodSandbox: Recogniser<SandboxCreated> = {
  kind: 'sandbox-created',
  source: 'containerd/containerd pkg/cri/server/instrumented_service.go RunPodSandbox(), v1.2.0 to v2.2.0',
  needles: ['returns sandbox id'],
  starts: [...LOGFMT_STARTS, 'RunPod'],
  wordings: [
    {
      // The text form of protobuf, in an order that is not fixed; attempt 0 is left out.
      since: 'containerd 2.2',
      pattern: logfmtLine(
        `RunPod[sS]andbox for (?<metadata>[a-z_]{1,40}:[^{}\\n]{1,2000}) returns sandbox id ${QUOTE}(?<id>${ID})`,
      ),
      samples: [
        {
          message: String.raw`${HEAD}"RunPodSandbox for name:\"web-0\"  uid:\"${POD_UID}\"  namespace:\"shop\" returns sandbox id \"${SANDBOX}\""`,
          expect: { ...pod, ...STAMP },
        },
        {
          message: String.raw`${HEAD}"RunPodSandbox for namespace:\"shop\" attempt:2 uid:\"${POD_UID}\" name:\"web-0\" returns sandbox id \"${SANDBOX}\""`,
          expect: { ...pod, attempt: 2, ...STAMP },
        },
      ],
    },
    {
      since: 'containerd 1.2',
      pattern: logfmtLine(
        `RunPod[sS]andbox for ${AMPERSAND}PodSandboxMetadata\\{(?<metadata>[^}\\n]{0,2000})\\} returns sandbox id ${QUOTE}(?<id>${ID})`,
      ),
      samples: [
        {
          message: String.raw`${HEAD}"RunPodSandbox for &PodSandboxMetadata{Name:web-0,Uid:${POD_UID},Namespace:shop,Attempt:0,} returns sandbox id \"${SANDBOX}\""`,
          expect: { ...pod, ...STAMP },
        },
        {
          message: `RunPodsandbox for &PodSandboxMetadata{Name:web-0,Uid:${POD_UID},Namespace:shop,Attempt:3,} returns sandbox id "${SANDBOX}"`,
          expect: { ...pod, attempt: 3, ...NO_STAMP },
        },
      ],
    },
  ],
  read: ({ metadata, id }, message) => {
    const fields = readProto(metadata ?? '')
    return {
      sandboxId: id!,
      podName: fields.get('name') || null,
      namespace: fields.get('namespace') || null,
      podUid: fields.get('uid') || null,
      attempt: fields.has('attempt') ? whole(fields.get('attempt')) : 0,
      ...readOwnStamp(message),
    }
  },
  scan: message => {
    const [, stamp, podName, podUid, namespace, attempt, sandboxId] = USUAL.exec(message) ?? []
    const own = stamp === undefined ? undefined : usualStamp(stamp)
    if (own === undefined || sandboxId?.length !== ID_LENGTH) return undefined
    return {
      kind: 'sandbox-created',
      sandboxId,
      podName: podName!,
      namespace: namespace!,
      podUid: podUid!,
      attempt: Number(attempt),
      ...own,
    }
  },
}
