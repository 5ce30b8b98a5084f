import type { Program } from '../recogniser.ts'
import { conmonOom } from './conmon-oom.ts'
import { createContainer } from './create-container.ts'
import { runPodSandbox } from './run-pod-sandbox.ts'
import { startContainer } from './start-container.ts'

/** CRI-O and conmon, the monitor beside each of its containers (and of podman's). */
export const crio: Program = {
  name: 'cri-o',
  speaks: ident => ident !== 'kernel',
  recognisers: [conmonOom, createContainer, runPodSandbox, startContainer],
  // Without an id.
  harmless: [/^\[conmon:[a-z]{1,5}\]: OOM /],
}
