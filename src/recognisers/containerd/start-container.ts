import type { ContainerStarted } from '../../model/event.ts'
import { ID, ID_LENGTH, LOGFMT_STARTS, logfmtLine, QUOTE, readOwnStamp, USUAL_HEAD, usualStamp } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER } from '../sample-ids.ts'

/** Request and result. */
const USUAL = new RegExp(String.raw`^${USUAL_HEAD}StartContainer for \\"([0-9a-f]+)\\"(?:"$|( returns successfully"$))`)

/** `StartContainer for "…" returns successfully`; without `returns` it is only the request. */
export const startContainer: Recogniser<ContainerStarted> = {
  kind: 'container-started',
  source: 'containerd/containerd pkg/cri/server/instrumented_service.go StartContainer(), v1.2.0 to v2.2.0',
  // Shared with the kubelet's back-off lines, which quote the name of the call.
  needles: ['StartContainer'],
  starts: [...LOGFMT_STARTS, 'StartContainer'],
  wordings: [
    {
      since: 'containerd 1.2',
      pattern: logfmtLine(`StartContainer for ${QUOTE}(?<id>${ID})${QUOTE} returns successfully`),
      samples: [
        {
          message: String.raw`time="2022-03-15T00:22:42.067114300Z" level=info msg="StartContainer for \"${CONTAINER}\" returns successfully"`,
          expect: {
            containerId: CONTAINER,
            ownMs: Date.UTC(2022, 2, 15, 0, 22, 42) + 67.1143,
            ownIso: '2022-03-15T00:22:42.067114300Z',
          },
        },
      ],
    },
  ],
  read: ({ id }, message) => ({ containerId: id!, ...readOwnStamp(message) }),
  scan: message => {
    const [, stamp, containerId, returns] = USUAL.exec(message) ?? []
    if (stamp === undefined || containerId?.length !== ID_LENGTH) return undefined
    if (returns === undefined) return null
    const own = usualStamp(stamp)
    return own === undefined ? undefined : { kind: 'container-started', containerId, ...own }
  },
}
