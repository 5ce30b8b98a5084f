import type { DumpStackCpu, Workqueue } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int } from './numbers.ts'

/**
 * Which task asked for memory (its thread id, which the header does not tell) and which kernel this is.
 * Release and taint letters: `Tainted: G           OE  ------------ T 3.10.0-1160.el7.x86_64 #1`.
 */
export const dumpStackCpu: Recogniser<DumpStackCpu> = {
  kind: 'dump-stack',
  source: 'torvalds/linux lib/dump_stack.c dump_stack_print_info(), v3.10; arch show_regs_common() before',
  needles: [],
  starts: ['CPU: ', 'Pid: '],
  wordings: [
    {
      // `UID: n` since 6.12.
      since: '3.10',
      pattern:
        /^CPU: \d+ (?:UID: \d+ )?PID: (?<pid>\d+) Comm: (?<comm>[\s\S]{0,84}?)(?: (?:Not tainted|Tainted:)(?<rest>[^\n]*))?$/,
      samples: [
        {
          message: 'CPU: 3 UID: 1000 PID: 48240 Comm: VM Thread Not tainted 6.12.9-amd64 #1  Debian 6.12.9-1',
          expect: { pid: 48240, comm: 'VM Thread', kernelRelease: '6.12.9-amd64' },
        },
        {
          message:
            'CPU: 1 PID: 7712 Comm: in:imjournal Kdump: loaded Tainted: G           OE  ------------ T 3.10.0-1160.el7.x86_64 #1',
          expect: { pid: 7712, comm: 'in:imjournal', kernelRelease: '3.10.0-1160.el7.x86_64' },
        },
        {
          message: 'CPU: 0 PID: 99 Comm: java Not tainted 5.15.0-1053-azure #61-Ubuntu',
          expect: { pid: 99, comm: 'java', kernelRelease: '5.15.0-1053-azure' },
        },
        { message: 'CPU: 0 PID: 99 Comm: java Not', expect: { pid: 99, comm: 'java', kernelRelease: null } },
      ],
    },
    {
      since: '2.6.18',
      pattern: /^Pid: (?<pid>\d+), comm: (?<comm>[\s\S]{0,64}?)(?: (?:Not tainted|Tainted:)(?<rest>[^\n]*))?$/,
      samples: [
        {
          message: 'Pid: 2287, comm: httpd Not tainted 2.6.32-754.el6.x86_64 #1',
          expect: { pid: 2287, comm: 'httpd', kernelRelease: '2.6.32-754.el6.x86_64' },
        },
        {
          message: 'Pid: 2287, comm: httpd Tainted: P           ---------------    2.6.32-754.el6.x86_64 #1',
          expect: { pid: 2287, comm: 'httpd', kernelRelease: '2.6.32-754.el6.x86_64' },
        },
      ],
    },
  ],
  read: ({ pid, comm, rest }) => {
    const number = int(pid)
    if (number === null) return null
    return {
      pid: number,
      comm: (comm ?? '').replace(/ (?:Kdump: (?:un)?loaded|Not|Tainted)$/, ''),
      kernelRelease: rest === undefined ? null : (/(?:^|\s)(\d+\.\d\S*)/.exec(rest)?.[1] ?? null),
    }
  },
}

/** The task that asked is a kernel worker; `moom_callback` is SysRq-f. */
export const workqueue: Recogniser<Workqueue> = {
  kind: 'workqueue',
  source: 'torvalds/linux kernel/workqueue.c print_worker_info(), v3.10',
  needles: [],
  starts: ['Workqueue: '],
  wordings: [
    {
      since: '3.10',
      pattern: /^Workqueue: (?<text>[^\n]+)$/,
      samples: [{ message: 'Workqueue: events moom_callback', expect: { text: 'events moom_callback' } }],
    },
  ],
  read: ({ text }) => ({ text: (text ?? '').trimEnd() }),
}
