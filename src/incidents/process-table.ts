/**
 * Rows of the process table: which number means what is told by the header; where the header is lost, by how many
 * numbers stand before the name.
 *
 * @see torvalds/linux mm/oom_kill.c, dump_tasks()
 */

/** A row in the kernel's units: pages, but `pgtables_bytes`. `null` where the table has no such column. */
export interface TaskRowCells {
  readonly pid: number
  readonly uid: number
  readonly tgid: number
  readonly comm: string
  readonly totalVmPages: number
  readonly rssPages: number
  readonly rssAnonPages: number | null
  readonly rssFilePages: number | null
  readonly rssShmemPages: number | null
  readonly swapPages: number | null
  /** `pgtables_bytes` (4.15+), else null. */
  readonly pageTableBytes: number | null
  /** `nr_ptes` + `nr_pmds` (+ `nr_puds`), each a page; else null. */
  readonly pageTablePages: number | null
  readonly oomScoreAdj: number | null
}

const COLUMNS = {
  el6: ['uid', 'tgid', 'total_vm', 'rss', 'cpu', 'oom_adj', 'oom_score_adj', 'name'],
  ptes: ['uid', 'tgid', 'total_vm', 'rss', 'nr_ptes', 'swapents', 'oom_score_adj', 'name'],
  pmds: ['uid', 'tgid', 'total_vm', 'rss', 'nr_ptes', 'nr_pmds', 'swapents', 'oom_score_adj', 'name'],
  bytes: ['uid', 'tgid', 'total_vm', 'rss', 'pgtables_bytes', 'swapents', 'oom_score_adj', 'name'],
  // 6.8 added the three parts of rss
  anon: [
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
}

const KNOWN_COLUMN = new Set(Object.values(COLUMNS).flat().concat('nr_puds'))

/**
 * Columns of the header as printed, `pid` left out; `null` when it is not a header that we can read rows by (cut in the
 * middle: the last word, `name`, may be cut, the others not).
 */
export function tableColumns(printed: readonly string[]): readonly string[] | null {
  const columns = printed.filter(column => column !== 'pid')
  const last = columns.at(-1)
  if (last === undefined || !columns.slice(0, -1).every(column => KNOWN_COLUMN.has(column))) return null
  if (!'name'.startsWith(last)) return null
  return [...columns.slice(0, -1), 'name']
}

/**
 * Reads what stands behind the bracket of a row.
 *
 * @param columns of the table's header, `null` when it is lost
 * @returns `null` for a row that is cut before its name, or that does not fit its table
 */
export function readTaskRow(pid: number, rest: string, columns: readonly string[] | null): TaskRowCells | null {
  const wanted = columns ?? guessColumns(rest)
  if (wanted === null) return null
  const numbers = wanted.length - 1
  const values: Record<string, number> = {}
  let at = 0
  for (let column = 0; column < numbers; column++) {
    while (rest[at] === ' ' || rest[at] === '\t') at++
    const start = at
    if (rest[at] === '-') at++
    while (isDigit(rest.charCodeAt(at))) at++
    if (at === start || !isDigit(rest.charCodeAt(at - 1))) return null
    if (at < rest.length && rest[at] !== ' ' && rest[at] !== '\t') return null
    values[wanted[column]!] = Number(rest.slice(start, at))
  }
  // a row cut behind its last number may have a cut number, too
  if (at >= rest.length) return null
  const ptes = values['nr_ptes']
  return {
    pid,
    uid: values['uid'] ?? 0,
    tgid: values['tgid'] ?? pid,
    comm: nameOf(rest.slice(at + 1)),
    totalVmPages: values['total_vm'] ?? 0,
    rssPages: values['rss'] ?? 0,
    rssAnonPages: values['rss_anon'] ?? null,
    rssFilePages: values['rss_file'] ?? null,
    rssShmemPages: values['rss_shmem'] ?? null,
    swapPages: values['swapents'] ?? null,
    pageTableBytes: values['pgtables_bytes'] ?? null,
    pageTablePages: ptes === undefined ? null : ptes + (values['nr_pmds'] ?? 0) + (values['nr_puds'] ?? 0),
    oomScoreAdj: values['oom_score_adj'] ?? null,
  }
}

/**
 * One blank stands between the last number and the name, which may itself begin or end with blanks; of more than 15 bytes
 * those behind it are of the terminal that the text was copied from.
 */
function nameOf(text: string): string {
  return text.length > 15 ? text.trimEnd() : text
}

/** The row of a process, which its kill line names by its own pid: the leader's, or that of a thread that outlived it. */
export function rowOf(rows: readonly TaskRowCells[], pid: number): TaskRowCells | undefined {
  return rows.find(row => row.tgid === pid || row.pid === pid)
}

/** Names may begin with a digit, so this is only for tables whose header is lost. */
function guessColumns(rest: string): readonly string[] | null {
  const words = rest.trim().split(/[ \t]+/, 12)
  let numbers = 0
  while (numbers < words.length && /^-?\d+$/.test(words[numbers]!)) numbers++
  if (numbers >= 10) return COLUMNS.anon
  if (numbers === 8) return COLUMNS.pmds
  if (numbers !== 7) return null
  const fifth = Number(words[4])
  const sixth = Number(words[5])
  if (fifth >= 4096 && fifth % 4096 === 0) return COLUMNS.bytes
  // el6 prints the cpu and oom_adj (-17…15) here; 3.10 page tables and swap entries. A zero may be either: 3.10 unless oom_adj is negative
  return sixth < 0 ? COLUMNS.el6 : COLUMNS.ptes
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
