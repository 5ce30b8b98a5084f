import type { ContainerCreated } from '../../model/event.ts'
import { LOGFMT_STARTS, logfmtLine, readOwnStamp } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER } from '../sample-ids.ts'

const created = {
  containerId: CONTAINER,
  sandboxId: null,
  name: 'app',
  attempt: null,
  podName: 'web-0',
  namespace: 'shop',
  podUid: null,
  image: null,
  ownMs: Date.UTC(2022, 2, 15, 9, 22, 41) + 553.168162,
}

/** `Created container I: shop/web-0/app`. */
export const createContainer: Recogniser<ContainerCreated> = {
  kind: 'container-created',
  source: 'cri-o/cri-o server/container_create.go CreateContainer(), v1.18 to v1.34',
  needles: ['Created container'],
  starts: [...LOGFMT_STARTS, 'Created container'],
  wordings: [
    {
      // 1.2x print a blank in place of the T of the stamp.
      since: 'CRI-O 1.18',
      pattern: logfmtLine(
        String.raw`Created container (?<id>[0-9a-f]{64}): (?<namespace>[^\s/"]{1,63})/(?<pod>[^\s/"]{1,253})/(?<name>[^\s/"]{1,253})`,
      ),
      samples: [
        {
          message: `time="2022-03-15 09:22:41.553168162Z" level=info msg="Created container ${CONTAINER}: shop/web-0/app" id=3c0b4c55-9a3e-4c02-8a6f-0c9d5f2e7b11 name=/runtime.v1.RuntimeService/CreateContainer`,
          expect: { ...created, ownIso: '2022-03-15T09:22:41.553168162Z' },
        },
        {
          message: `time="2022-03-15T09:22:41.553168162Z" level=info msg="Created container ${CONTAINER}: shop/web-0/app"`,
          expect: { ...created, ownIso: '2022-03-15T09:22:41.553168162Z' },
        },
      ],
    },
  ],
  read: ({ id, namespace, pod, name }, message) => ({
    containerId: id!,
    sandboxId: null,
    name: name!,
    attempt: null,
    podName: pod!,
    namespace: namespace!,
    podUid: null,
    image: null,
    ...readOwnStamp(message),
  }),
}
