import type { UnitOomKilled } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

const message = "kubelet.service: Failed with result 'oom-kill'."

/** `X: Failed with result 'oom-kill'.`: a service ended because of it (its OOMPolicy, or its main process died). */
export const unitFailed: Recogniser<UnitOomKilled> = {
  kind: 'unit-oom-killed',
  source: 'systemd/systemd src/core/unit.c unit_log_failure(), v243 to v258',
  // With the quote, so that it is not in the kernel's `oom-kill:` line.
  needles: ["oom-kill'"],
  has: "oom-kill'",
  wordings: [
    {
      since: 'systemd 243',
      pattern: /^(?<unit>[^\s"]{1,256}\.[a-z]{5,7}): Failed with result 'oom-kill'/,
      samples: [{ message, expect: { unit: 'kubelet.service', text: message } }],
    },
  ],
  read: ({ unit }, text) => ({ unit: unit!, text }),
}
