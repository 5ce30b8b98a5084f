import type { SandboxCreated } from '../../model/event.ts'
import { LOGFMT_STARTS, logfmtLine, readOwnStamp } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { SANDBOX } from '../sample-ids.ts'

/** `Ran pod sandbox S with infra container: shop/web-0/POD`. */
export const runPodSandbox: Recogniser<SandboxCreated> = {
  kind: 'sandbox-created',
  source: 'cri-o/cri-o server/sandbox_run_linux.go runPodSandbox(), v1.18 to v1.34',
  needles: ['Ran pod sandbox'],
  starts: [...LOGFMT_STARTS, 'Ran pod sandbox'],
  wordings: [
    {
      since: 'CRI-O 1.18',
      pattern: logfmtLine(
        String.raw`Ran pod sandbox (?<id>[0-9a-f]{64}) with infra container: (?<namespace>[^\s/"]{1,63})/(?<pod>[^\s/"]{1,253})/POD`,
      ),
      samples: [
        {
          message: `time="2022-03-15 09:22:41.553168162Z" level=info msg="Ran pod sandbox ${SANDBOX} with infra container: shop/web-0/POD" id=3c0b4c55-9a3e-4c02-8a6f-0c9d5f2e7b11 name=/runtime.v1.RuntimeService/RunPodSandbox`,
          expect: {
            sandboxId: SANDBOX,
            podName: 'web-0',
            namespace: 'shop',
            podUid: null,
            attempt: null,
            ownMs: Date.UTC(2022, 2, 15, 9, 22, 41) + 553.168162,
            ownIso: '2022-03-15T09:22:41.553168162Z',
          },
        },
      ],
    },
  ],
  read: ({ id, namespace, pod }, message) => ({
    sandboxId: id!,
    podName: pod!,
    namespace: namespace!,
    podUid: null,
    attempt: null,
    ...readOwnStamp(message),
  }),
}
