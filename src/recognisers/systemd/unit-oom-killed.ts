import type { UnitOomKilled } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { CONTAINER } from '../sample-ids.ts'

const UNIT = String.raw`(?<unit>[^\s"]{1,256}\.(?:scope|service|slice|socket|mount|swap)): `
const sample = (unit: string, rest: string) => ({
  message: `${unit}: ${rest}`,
  expect: { unit, text: `${unit}: ${rest}` },
})

/**
 * `X: A process of this unit has been killed by the OOM killer.`: X may be the scope of a container. The slices above
 * it say the same later, when they go: about a kill of before.
 */
export const unitOomKilled: Recogniser<UnitOomKilled> = {
  kind: 'unit-oom-killed',
  source: 'systemd/systemd src/core/unit.c unit_notify_cgroup_oom(), v243 to v258',
  needles: ['OOM killer'],
  has: 'OOM killer',
  wordings: [
    {
      since: 'systemd 258',
      pattern: new RegExp(`^${UNIT}The kernel OOM killer killed some processes in this unit`),
      samples: [
        sample(`cri-containerd-${CONTAINER}.scope`, 'The kernel OOM killer killed some processes in this unit.'),
      ],
    },
    {
      since: 'systemd 243',
      pattern: new RegExp(`^${UNIT}A process of this unit has been killed by the OOM killer`),
      samples: [
        sample(`cri-containerd-${CONTAINER}.scope`, 'A process of this unit has been killed by the OOM killer.'),
        sample('kubepods-burstable.slice', 'A process of this unit has been killed by the OOM killer.'),
      ],
    },
  ],
  read: ({ unit }, message) => ({ unit: unit!, text: message }),
}
