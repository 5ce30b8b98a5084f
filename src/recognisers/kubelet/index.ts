import type { Program } from '../recogniser.ts'
import { backOff } from './back-off.ts'
import { containerFinished } from './container-finished.ts'
import { killContainer } from './kill-container.ts'
import { memoryPressure } from './memory-pressure.ts'
import { plegEvent } from './pleg-event.ts'
import { podEvicted } from './pod-evicted.ts'
import { probeFailed } from './probe-failed.ts'
import { syncLoopAdd } from './sync-loop-add.ts'

/** The kubelet, also inside of `hyperkube`, `kubenswrapper`, `k3s` and others: known by its messages, not by a tag. */
export const kubelet: Program = {
  name: 'kubelet',
  speaks: ident => ident !== 'kernel',
  recognisers: [
    plegEvent,
    containerFinished,
    killContainer,
    backOff,
    probeFailed,
    syncLoopAdd,
    podEvicted,
    memoryPressure,
  ],
  harmless: [
    // 1.14 says it of every OOM, beside the kernel's own report.
    /Got sys oom event from cadvisor/,
    // its cAdvisor, too, from -v=3 on
    /Created an OOM event in container "/,
    /[Uu]nexpectedly stopped receiving OOM notifications/,
  ],
}
