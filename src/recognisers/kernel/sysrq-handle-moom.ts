import type { SysrqOom } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/** Somebody asked for a kill by SysRq-f: a report with `order=-1` follows, or the word that nothing could be killed. */
export const sysrqOom: Recogniser<SysrqOom> = {
  kind: 'sysrq-oom',
  source: 'torvalds/linux drivers/tty/sysrq.c sysrq_handle_moom(), moom_callback(), __handle_sysrq(), v2.6.18 to v6.18',
  needles: ['OOM exec', 'OOM request ignored'],
  starts: ['sysrq: ', 'SysRq : ', 'OOM request ignored'],
  wordings: [
    {
      since: '2.6.18',
      pattern: /^(?:sysrq: )?(?:SysRq : )?Manual OOM exec[^\n]*$/,
      samples: [
        { message: 'sysrq: Manual OOM execution', expect: { ignored: false } },
        { message: 'sysrq: SysRq : Manual OOM execution', expect: { ignored: false } },
        { message: 'SysRq : Manual OOM execution', expect: { ignored: false } },
      ],
    },
    {
      since: '4.0',
      pattern: /^(?:sysrq: )?(?<ignored>OOM request ignored)[^\n]*$/,
      samples: [
        { message: 'sysrq: OOM request ignored. No task eligible', expect: { ignored: true } },
        { message: 'OOM request ignored because killer is disabled', expect: { ignored: true } },
      ],
    },
  ],
  read: ({ ignored }) => ({ ignored: ignored !== undefined }),
}
