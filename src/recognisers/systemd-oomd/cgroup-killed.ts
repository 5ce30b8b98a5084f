import type { UserspaceKilled } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP } from '../sample-ids.ts'

const PATH = '/user.slice/user-1000.slice/user@1000.service/app.slice/app-web.scope'
const sample = (why: string) => {
  const text = `Killed ${PATH} due to ${why}`
  return {
    message: text,
    expect: {
      by: 'systemd-oomd' as const,
      path: PATH,
      pid: null,
      comm: null,
      uid: null,
      rssBytes: null,
      text,
      ...NO_STAMP,
    },
  }
}

/** `Killed /path due to memory …`: systemd-oomd killed all of a cgroup. `Marked … for killing` comes before and is none. */
export const cgroupKilled: Recogniser<UserspaceKilled> = {
  kind: 'userspace-killed',
  source:
    'systemd/systemd src/oom/oomd-manager.c monitor_swap_contexts_handler(), monitor_memory_pressure_contexts_handler(), v247 to v258',
  // Also in the kernel's `… are going to be killed due to memory.oom.group set`.
  needles: ['due to memory'],
  starts: ['Killed /'],
  wordings: [
    {
      since: 'systemd 248',
      pattern: /^Killed (?<path>\/[^\n]{0,4000}?) due to memory (?:pressure|used) /,
      samples: [
        sample('memory pressure for /user.slice being 51.23% > 50.00% for > 20s with reclaim activity'),
        sample('memory used (4096000) / total (4194304) and swap used (2048) / total (2048) being more than 90.00%'),
      ],
    },
  ],
  read: ({ path }, text) => ({
    by: 'systemd-oomd',
    path: path!,
    pid: null,
    comm: null,
    uid: null,
    rssBytes: null,
    text,
    ...NO_STAMP,
  }),
}
