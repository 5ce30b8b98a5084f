import type { Program } from '../recogniser.ts'
import { createContainer } from './create-container.ts'
import { eventsExit } from './events-exit.ts'
import { eventsOom } from './events-oom.ts'
import { runPodSandbox } from './run-pod-sandbox.ts'
import { startContainer } from './start-container.ts'
import { taskExit } from './task-exit.ts'
import { taskOom } from './task-oom.ts'

/** containerd with its CRI plugin, under whatever tag (`containerd`, `env`, `k3s`, `dockerd`, …) it is started. */
export const containerd: Program = {
  name: 'containerd',
  speaks: ident => ident !== 'kernel',
  recognisers: [taskOom, taskExit, runPodSandbox, createContainer, startContainer, eventsOom, eventsExit],
  harmless: [
    // An event that is tried again: it was logged when it came.
    /is in backoff, enqueue event/,
    /ailed to handle (?:event|container TaskOOM|backOff event)/i,
    // Kata's shim, of a sandbox that starts or ends.
    /failed to get OOM event from sandbox/,
    // Of the debug log, without an id.
    /containerd\.events\.TaskOOM|topic="?\/tasks\/oom/,
  ],
}
