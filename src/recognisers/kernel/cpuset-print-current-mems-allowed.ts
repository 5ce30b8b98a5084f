import type { OomCpuset } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/** The cpuset of the task that asked for memory, on a line of its own up to 4.19; later a part of `oom-kill:`. */
export const oomCpuset: Recogniser<OomCpuset> = {
  kind: 'oom-cpuset',
  source:
    'torvalds/linux kernel/cpuset.c cpuset_print_current_mems_allowed(), cpuset_print_task_mems_allowed() up to v4.4',
  needles: [],
  has: ' cpuset=',
  wordings: [
    {
      // 4.14 to 4.19 print it for failed allocations too: `java cpuset=/ mems_allowed=0`.
      since: '2.6.29',
      pattern: /^(?<comm>[\s\S]{0,64}) cpuset=(?<cpuset>\S+)(?: mems_allowed=(?<memsAllowed>[\d,-]*))?\s*$/,
      samples: [
        {
          message: 'VM Thread cpuset=cri-containerd-5d41402abc4b2a76b9719d911017c592.scope mems_allowed=0-1',
          expect: {
            comm: 'VM Thread',
            cpuset: 'cri-containerd-5d41402abc4b2a76b9719d911017c592.scope',
            memsAllowed: '0-1',
          },
        },
        {
          message: 'rsyslogd cpuset=/ mems_allowed=0,2-3',
          expect: { comm: 'rsyslogd', cpuset: '/', memsAllowed: '0,2-3' },
        },
      ],
    },
  ],
  read: ({ comm, cpuset, memsAllowed }) =>
    cpuset === undefined
      ? null
      : { comm: comm ?? '', cpuset, memsAllowed: memsAllowed === undefined || memsAllowed === '' ? null : memsAllowed },
}
