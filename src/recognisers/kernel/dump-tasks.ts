import type { TaskHeader, TaskRow } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/** Head of the process table: `[  pid  ]` since 4.19, `[ pid ]` before. */
export const taskHeader: Recogniser<TaskHeader> = {
  kind: 'task-header',
  source: 'torvalds/linux mm/oom_kill.c dump_tasks(), v2.6.25 to v6.18',
  needles: ['total_vm'],
  opens: true,
  starts: ['['],
  wordings: [
    {
      since: '2.6.25',
      pattern: /^\[ *pid *\] +(?<columns>uid +tgid +total_vm[a-z_ ]{0,200})\s*$/,
      samples: [
        {
          message:
            '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
          expect: {
            columns: [
              'pid',
              'uid',
              'tgid',
              'total_vm',
              'rss',
              'rss_anon',
              'rss_file',
              'rss_shmem',
              'pgtables_bytes',
              'swapents',
              'oom_score_adj',
              'name',
            ],
          },
        },
        {
          message: '[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj nam',
          expect: {
            columns: [
              'pid',
              'uid',
              'tgid',
              'total_vm',
              'rss',
              'nr_ptes',
              'nr_pmds',
              'swapents',
              'oom_score_adj',
              'name',
            ],
          },
        },
        {
          message: '[ pid ]   uid  tgid total_vm      rss cpu oom_adj name',
          expect: { columns: ['pid', 'uid', 'tgid', 'total_vm', 'rss', 'cpu', 'oom_adj', 'name'] },
        },
        {
          message: '[ pid ]   uid  tgid total_vm      rss pgtables_bytes swape',
          expect: {
            columns: ['pid', 'uid', 'tgid', 'total_vm', 'rss', 'pgtables_bytes', 'swapents', 'oom_score_adj', 'name'],
          },
        },
        { message: '[ pid ]   uid  tgid total_vm      rss nr_pt', expect: { columns: null } },
      ],
    },
  ],
  read: ({ columns }) => (columns === undefined ? null : { columns: readColumns(columns) }),
}

/** A line cut after `swapents` tells the rest; cut before it, more than one layout is possible: null. */
function readColumns(text: string): string[] | null {
  const columns = ['pid', ...text.trim().split(/ +/)]
  const last = columns.pop()!
  if ('name'.startsWith(last)) return [...columns, 'name']
  if (last.startsWith('oom_s')) return [...columns, 'oom_score_adj', 'name']
  if (last.startsWith('swap')) return [...columns, 'swapents', 'oom_score_adj', 'name']
  return null
}

/** The line before the head. */
export const tasksState: Recogniser<TaskHeader> = {
  kind: 'task-header',
  source: 'torvalds/linux mm/oom_kill.c dump_tasks(), v4.19',
  needles: [],
  starts: ['Tasks state'],
  wordings: [
    {
      since: '4.19',
      pattern: /^Tasks state(?: \(memory values in pages\)?:?)?\s*$/,
      samples: [{ message: 'Tasks state (memory values in pages):', expect: { columns: null } }],
    },
  ],
  read: () => ({ columns: null }),
}

/**
 * A process. Told apart from other lines that begin with a bracket by at least four numbers after it (uid, tgid,
 * total_vm, rss); which number means what depends on the head.
 */
export const taskRow: Recogniser<TaskRow> = {
  kind: 'task-row',
  source: 'torvalds/linux mm/oom_kill.c dump_task(), v4.19; dump_tasks() before',
  needles: [],
  starts: ['['],
  wordings: [
    {
      since: '2.6.25',
      // Not a header: a process may call itself `[1] 1 1 1 1`.
      pattern:
        /^\[ *(?<pid>\d{1,9})\](?<rest>[ \t]+\d+[ \t]+\d+[ \t]+\d+[ \t]+\d+(?![^ \t])(?![\s\S]{0,20}invoked oom-killer:)[\s\S]*)$/,
      samples: [
        {
          message:
            '[  48213]  1000 48213  1182345   131072   130900      172        0  1327104        0           984 VM Thread',
          expect: {
            pid: 48213,
            rest: '  1000 48213  1182345   131072   130900      172        0  1327104        0           984 VM Thread',
          },
        },
        {
          message: '[ 1234]     0  1234   263423     1500      63        0             0 trail ',
          expect: { pid: 1234, rest: '     0  1234   263423     1500      63        0             0 trail ' },
        },
        {
          // Blanks turned to tabs on the way.
          message: '[   6723]  1000  6723\t23518  \t829   163840    \t0         \t0 file.so',
          expect: { pid: 6723, rest: '  1000  6723\t23518  \t829   163840    \t0         \t0 file.so' },
        },
        {
          message: '[1578890] 65535 1578890      243        1',
          expect: { pid: 1578890, rest: ' 65535 1578890      243        1' },
        },
      ],
    },
  ],
  read: ({ pid, rest }) => (rest === undefined ? null : { pid: Number(pid), rest }),
  scan: text => {
    const close = text.indexOf(']')
    if (close < 2 || text.charCodeAt(0) !== OPEN) return null
    let at = 1
    while (text.charCodeAt(at) === BLANK) at++
    if (at === close || close - at > 9) return null
    let pid = 0
    for (; at < close; at++) {
      const code = text.charCodeAt(at)
      if (!isDigit(code)) return null
      pid = pid * 10 + (code - 0x30)
    }
    at = close + 1
    for (let numbers = 0; numbers < 4; numbers++) {
      const blanks = at
      while (isBlank(text.charCodeAt(at))) at++
      const digits = at
      while (isDigit(text.charCodeAt(at))) at++
      if (digits === blanks || at === digits) return null
    }
    if (at < text.length && !isBlank(text.charCodeAt(at))) return null
    const invoked = text.indexOf('invoked oom-killer:', at)
    if (invoked !== -1 && invoked <= at + 20) return null
    return { kind: 'task-row', pid, rest: text.slice(close + 1) }
  },
}

const OPEN = 0x5b
const BLANK = 0x20
const isBlank = (code: number) => code === BLANK || code === 0x09
const isDigit = (code: number) => code >= 0x30 && code <= 0x39
