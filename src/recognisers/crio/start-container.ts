import type { ContainerStarted } from '../../model/event.ts'
import { LOGFMT_STARTS, logfmtLine, QUOTE, readOwnStamp } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER, SANDBOX } from '../sample-ids.ts'

const STAMP = { ownMs: Date.UTC(2022, 2, 15, 9, 22, 41) + 553.168162, ownIso: '2022-03-15T09:22:41.553168162Z' }

/** `Started container`, with the id in a field of the line or in the sentence. */
export const startContainer: Recogniser<ContainerStarted> = {
  kind: 'container-started',
  source: 'cri-o/cri-o server/container_start.go StartContainer(), v1.13 to v1.34',
  needles: ['Started container'],
  starts: [...LOGFMT_STARTS, 'Started container'],
  wordings: [
    {
      since: 'CRI-O 1.21',
      pattern: logfmtLine(`Started container${QUOTE}[^\\n]{0,200}? containerID=(?<id>[0-9a-f]{64})`),
      samples: [
        {
          message: `time="2022-03-15T09:22:41.553168162Z" level=info msg="Started container" PID=48213 containerID=${CONTAINER} description=shop/web-0/app id=3c0b4c55-9a3e-4c02-8a6f-0c9d5f2e7b11 name=/runtime.v1.RuntimeService/StartContainer sandboxID=${SANDBOX}`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
      ],
    },
    {
      since: 'CRI-O 1.13',
      pattern: logfmtLine('Started container (?<id>[0-9a-f]{64}): '),
      samples: [
        {
          message: `time="2022-03-15 09:22:41.553168162Z" level=info msg="Started container ${CONTAINER}: shop/web-0/app" id=3c0b4c55-9a3e-4c02-8a6f-0c9d5f2e7b11`,
          expect: { containerId: CONTAINER, ...STAMP },
        },
      ],
    },
  ],
  read: ({ id }, message) => ({ containerId: id!, ...readOwnStamp(message) }),
}
