import { describe, expect, it } from 'vitest'
import { createUnwrapper } from '../../src/envelopes/index.ts'
import type { LogRecord } from '../../src/model/record.ts'
import { linesOf, messagesOf, unwrap } from './unwrap.ts'

const KILL = 'Memory cgroup out of memory: Killed process 16251 (java) total-vm:4kB, anon-rss:4kB'
const HEADER = 'java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'

describe('a list in JSON, one element a line', () => {
  it('reads objects and texts', () => {
    expect(messagesOf(['[', `  {"message":"${KILL}","source":"kernel"},`, ']'])).toEqual([KILL])
    expect(messagesOf(['[', `  "[86400.340112] ${KILL}",`, ']'])).toEqual([KILL])
  })
})

describe('one line', () => {
  const cases: readonly [why: string, line: string, expected: Partial<LogRecord>][] = [
    [
      "the kernel's stamp inside a syslog line is taken off",
      `Mar 15 09:22:41 node1 kernel: [ 8523.340112][ T42] ${HEADER}`,
      { ident: 'kernel', uptimeSeconds: 8523.340112, caller: 'T42', message: HEADER },
    ],
    [
      'a task row is no stamp',
      'Mar 15 09:22:41 node1 kernel: [ 1234]     0  1234   263423 java',
      { uptimeSeconds: null, message: '[ 1234]     0  1234   263423 java' },
    ],
    [
      'a stamp in the text of another program stays',
      'Mar 15 09:22:41 node1 app[7]: [ 8523.340112] x',
      { ident: 'app', uptimeSeconds: null, message: '[ 8523.340112] x' },
    ],
    [
      "a guest's console is a kernel",
      `Mar 15 09:22:41 mac com.docker.hyperkit[737]: [47517.500417] ${KILL}`,
      { ident: 'kernel', uptimeSeconds: 47517.500417, message: KILL },
    ],
    [
      "systemd's in the kernel's log, while journald is away",
      'Mar 15 09:22:41 node1 kernel: [ 8523.340112] systemd[1]: web.service: systemd-oomd killed 1 process(es) in this unit.',
      { ident: 'systemd', pid: 1, message: 'web.service: systemd-oomd killed 1 process(es) in this unit.' },
    ],
    [
      'and on the console',
      '[ 8523.340112] systemd-oomd[659]: Considered 19 cgroups for killing',
      { ident: 'systemd-oomd', pid: 659, message: 'Considered 19 cgroups for killing' },
    ],
    [
      "a process' name in the kernel's text stays",
      '[ 8523.340112] web[659]: segfault at 0 ip 0000',
      { ident: 'kernel', pid: null, message: 'web[659]: segfault at 0 ip 0000' },
    ],
    [
      "grep's file name",
      `messages-20220320:Mar 15 09:22:41 node1 kernel: ${KILL}`,
      { envelope: 'rfc3164', host: 'node1', message: KILL },
    ],
    [
      "grep's file name and line number",
      `/var/log/messages:12:Mar 15 09:22:41 node1 kernel: ${KILL}`,
      { host: 'node1', message: KILL },
    ],
    ["grep's context", `messages-12-Mar 15 09:22:41 node1 kernel: ${KILL}`, { host: 'node1', message: KILL }],
    ['a line number', `12345:Mar 15 09:22:41 node1 kernel: ${KILL}`, { host: 'node1', message: KILL }],
    [
      'a line number before an ISO stamp',
      `a-2022.log:2022-03-15T09:22:41Z node1 kernel: ${KILL}`,
      { host: 'node1', message: KILL },
    ],
    [
      'a line number in a column',
      `166252 Apr 18 00:37:34   kernel: [14049899.298764] ${KILL}`,
      { ident: 'kernel', uptimeSeconds: 14049899.298764, message: KILL },
    ],
    ['a line number before bare text', `12:${KILL}`, { envelope: 'bare', ident: null, message: KILL }],
    ['blanks', `  Mar 15 09:22:41 node1 kernel: ${KILL}`, { host: 'node1', message: KILL }],
    [
      "what a guest's console said to Kata",
      `Mar 15 09:22:41 node1 kata[7]: time="2022-03-15T00:22:41Z" level=debug msg="reading guest console" sandbox=4f0e vmconsole="[   86.340117] ${KILL}"`,
      { host: '4f0e', ident: 'kernel', pid: null, uptimeSeconds: 86.340117, message: KILL },
    ],
    [
      'a field that Logstash shows',
      `       "message" => "Mar 15 09:22:41 node1 kernel: ${KILL}",`,
      { host: 'node1', message: KILL },
    ],
    ['a field that OpenTelemetry shows', `Body: Str(${HEADER})`, { envelope: 'bare', message: HEADER }],
    ['a backtick', `\`Mar 15 09:22:41 node1 kernel: ${KILL}`, { host: 'node1', message: KILL }],
    [
      'a word of code in a list',
      `     \`[ 8523.340112] ${HEADER}\``,
      { envelope: 'dmesg', uptimeSeconds: 8523.340112 },
    ],
    ['a string of a list', `  "[ 8523.340112] ${KILL}",`, { envelope: 'dmesg', message: KILL }],
    ['a string of a sum', `\t"4,1,8523340112,-;${KILL}\\n" +`, { envelope: 'kmsg', message: KILL }],
    ['a time without its date', `09:22:41 kernel: ${KILL}`, { host: null, ident: 'kernel', message: KILL }],
    ["dmesg's colours", `\x1b[32m[86400.340112] \x1b[0m${KILL}`, { envelope: 'dmesg', message: KILL }],
    [
      "grep's colours",
      `Mar 15 09:22:41 node1 kernel: ${KILL.replace('Killed', '\x1b[01;31m\x1b[KKilled\x1b[m\x1b[K')}`,
      { host: 'node1', message: KILL },
    ],
    [
      'a colour that is of a name',
      `Mar 15 09:22:41 node1 kernel: \x1b[31mred invoked oom-killer: `,
      { message: '\x1b[31mred invoked oom-killer: ' },
    ],
    [
      'blanks of a web page',
      `Mar 15 09:22:41 node1 kernel: ${KILL}`.replaceAll(' ', '\xa0'),
      { host: 'node1', ident: 'kernel', message: KILL },
    ],
    ['tags of a web page', `<li>[86400.340112] ${KILL}</li>`, { envelope: 'dmesg', message: KILL }],
    ['and at its end', `[86400.340112] ${KILL}<br />`, { envelope: 'dmesg', message: KILL }],
    [
      'a tag with a blank more',
      `Mar 15 09:22:41 node1 kernel:  [86400.340112] ${KILL}`,
      { uptimeSeconds: 86400.340112, message: KILL },
    ],
    [
      'a row of CloudWatch',
      `1647303761553,"Mar 15 09:22:41 node1 kernel: ${KILL}"`,
      { envelope: 'rfc3164', host: 'node1', message: KILL },
    ],
    [
      'a row of Splunk',
      `"2022-03-15T00:22:41.553+0000","node1","Mar 15 09:22:41 node1 kernel: anon 4096"`,
      { host: 'node1', ident: 'kernel', message: 'anon 4096' },
    ],
    [
      'another, whose time comes last',
      `"Mar 15 09:22:41 node1 kernel: anon 4096","2022-03-15T00:22:41Z"`,
      { host: 'node1', message: 'anon 4096' },
    ],
    [
      "fluentd's standard output",
      `2022-03-15 00:22:41.000000000 +0000 system.kernel: {"host":"node1","ident":"kernel","message":"${KILL}"}`,
      { host: 'node1', ident: 'kernel', message: KILL },
    ],
    [
      "logcli's labels",
      `2022-03-15T00:22:41Z {host="node1", job="kernel"} memory: usage 4kB, limit 4kB, failcnt 3`,
      { host: 'node1', ident: null, message: 'memory: usage 4kB, limit 4kB, failcnt 3' },
    ],
    [
      'a stream of CloudWatch',
      `2022-03-15T00:22:41.553000+00:00 i-0abc Mar 15 09:22:41 node1 kernel: ${KILL}`,
      { host: 'node1', message: KILL },
    ],
    ['a word of code in a list with nothing more', `     \`${KILL}`, { envelope: 'bare', message: KILL }],
    ['a quoted mail', `> [ 8523.340112] ${KILL}`, { envelope: 'dmesg', message: KILL }],
    ['a line of a diff', `+[ 8523.340112] ${KILL}`, { envelope: 'dmesg', message: KILL }],
    ['a quoted line of a diff', `> +[ 8523.340112] ${KILL}`, { envelope: 'dmesg', message: KILL }],
    ['a diff of syslog', `-Mar 15 09:22:41 node1 kernel: ${KILL}`, { envelope: 'rfc3164', message: KILL }],
    ['a colon as a mark', `: [ 8523.340112] ${KILL}`, { envelope: 'dmesg', message: KILL }],
    ["the time and level of Elixir's Logger", `09:22:41.553 [error] ${KILL}`, { envelope: 'bare', message: KILL }],
    ['the same with a date', `2022-03-15 09:22:41.553 [warn]  ${KILL}`, { envelope: 'date-time', message: KILL }],
    ['a level alone', `[info]  ${KILL}`, { envelope: 'bare', message: KILL }],
    ['the mark of a fold in a page', `[ 8523.340112] ${KILL.replace('total-vm', '↪total-vm')}`, { message: KILL }],
    ['a mail that quotes with a colon', `> : [ 8523.340112] ${KILL}`, { envelope: 'dmesg', message: KILL }],
    ['a patch that adds a log', `> +[ 8523.340112] ${KILL}`, { envelope: 'dmesg', message: KILL }],
    ['a quoted mail with nothing more', `>> ${KILL}`, { envelope: 'bare', message: KILL }],
    ['a list of words of code', `  - \`${KILL}`, { envelope: 'bare', message: KILL }],
    ['a comment', ` *\t\t${KILL}`, { envelope: 'bare', message: KILL }],
    ['a prompt', `$ Mar 15 09:22:41 node1 containerd[1]: x`, { ident: 'containerd', message: 'x' }],
    [
      "kubectl's prefix",
      `[pod/a/b] time="2022-03-15T00:22:41.553168162Z" level=info msg=x`,
      { envelope: 'containerd' },
    ],
    ["stern's prefix", `pod-1 container I0315 09:22:41.553168    1 a.go:1] x`, { envelope: 'klog' }],
    ["a node's name", `node-7 Mar 15 09:22:41 node1 kernel: ${KILL}`, { host: 'node1', message: KILL }],
    ['a byte order mark', `\ufeffMar 15 09:22:41 node1 kernel: ${KILL}`, { host: 'node1', message: KILL }],
    ['NULs before it', `\0\0\0Mar 15 09:22:41 node1 kernel: ${KILL}`, { host: 'node1', message: KILL }],
    [
      'half a line and NULs before it',
      `Mar 15 09:2\0\0\0Mar 15 09:22:41 node1 kernel: ${KILL}`,
      { host: 'node1', message: KILL },
    ],
    [
      'text from a web page',
      'Mar 15 09:22:41 node1 containerd[1]: msg=&quot;TaskOOM event &amp;TaskOOM{}&quot;',
      { message: 'msg="TaskOOM event &TaskOOM{}"' },
    ],
    [
      'an ampersand that is no entity',
      'Mar 15 09:22:41 node1 containerd[1]: msg="TaskOOM event &TaskOOM{}"',
      { message: 'msg="TaskOOM event &TaskOOM{}"' },
    ],
    [
      "a shipper's stamp before a syslog line",
      `2022-03-15T00:22:41.553Z Mar 15 09:22:41 node1 kernel: ${KILL}`,
      { envelope: 'rsyslog-iso', host: 'node1', ident: 'kernel', message: KILL },
    ],
    [
      'a node log in a container log',
      `2022-03-15T00:22:41.553168162Z stdout F Mar 15 09:22:41 node1 kernel: [ 12.345678] ${KILL}`,
      { envelope: 'cri', host: 'node1', ident: 'kernel', uptimeSeconds: 12.345678, message: KILL },
    ],
    [
      'kernel text that a container printed is not the kernel',
      `2022-03-15T00:22:41.553168162Z stdout F ${KILL}`,
      { envelope: 'cri', ident: 'stdout', message: KILL },
    ],
    [
      'a dmesg line in JSON',
      `{"@timestamp":"2022-03-15T00:22:41Z","log":"[ 12.345678] ${KILL}"}`,
      { envelope: 'json', ident: 'kernel', uptimeSeconds: 12.345678, message: KILL },
    ],
    [
      'kernel text in the JSON of a named program is not the kernel',
      `{"MESSAGE":"[ 12.345678] ${KILL}","__CURSOR":"a","SYSLOG_IDENTIFIER":"app"}`,
      { ident: 'app', uptimeSeconds: null, message: `[ 12.345678] ${KILL}` },
    ],
    [
      'imjournal writes a control character in octal',
      'Mar 15 09:22:41 n kernel: esc#033[31mred#011x invoked',
      { message: 'esc\x1b[31mred\tx invoked' },
    ],
    [
      'a number sign that is no escape stays',
      'Mar 15 09:22:41 n kernel: GC Thread#9 #61-Ubuntu',
      { message: 'GC Thread#9 #61-Ubuntu' },
    ],
    [
      'imkmsg writes bytes in hex',
      'Mar 15 09:22:41 n kernel: \\xd0\\xbe\\xd0 back\\x5cslash \\x41',
      { message: 'о\\xd0 back\\slash \\x41' },
    ],
    [
      'imklog, which leaves the stamp, escapes nothing',
      'Mar 15 09:22:41 n kernel: [ 12.345678] \\x1b#033 x',
      { message: '\\x1b#033 x' },
    ],
    ['kmsg escapes all, the backslash too', '4,1,2,-;\\xd0\\xbe\\xd0 \\x5cx41\\x09', { message: 'о\\xd0 \\x41\t' }],
    [
      'dmesg leaves a backslash alone',
      '[ 12.345678] \\x1b \\x41 \\x5c \\xe5\\x90\\x8d',
      { message: '\x1b \\x41 \\x5c 名' },
    ],
  ]
  it.each(cases)('%s: %j', (_, line, expected) => {
    const records = unwrap([line])
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject(expected)
  })

  it.each([
    [''],
    ['--'],
    ['...'],
    ['…'],
    ['-- Logs begin at Mon 2022-03-14 00:00:00 UTC, end at Tue 2022-03-15 00:00:00 UTC. --'],
    ['-- Reboot --'],
    ['-- No entries --'],
    ['> ...'],
  ])('%j is no record', line => {
    expect(unwrap([line])).toEqual([])
  })
})

describe('several records in a line', () => {
  it('splits a memory.stat block and marks what goes on', () => {
    const records = unwrap(['Mar 15 09:22:41 n kernel: anon 1#012file 2#012 active 3'])
    expect(records.map(r => [r.message, r.continued])).toEqual([
      ['anon 1', false],
      ['file 2', true],
      [' active 3', true],
    ])
    expect(new Set(records.map(r => r.line.lineNumber))).toEqual(new Set([1]))
  })

  it.each([
    ['4,1,2,-;new\\x0aline invoked oom-killer: gfp_mask=0xcc0', ['new\nline invoked oom-killer: gfp_mask=0xcc0']],
    [
      '4,1,2,-;Memory cgroup out of memory: Killed process 1 (a\\x0ab) total-vm:4kB',
      ['Memory cgroup out of memory: Killed process 1 (a\nb) total-vm:4kB'],
    ],
    ['4,1,2,-;oom-kill:constraint=X,task=a\\x0ab,pid=1,uid=0', ['oom-kill:constraint=X,task=a\nb,pid=1,uid=0']],
    [
      '4,1,2,-;oom_reaper: reaped process 1 (a\\x0ab), now anon-rss:0kB',
      ['oom_reaper: reaped process 1 (a\nb), now anon-rss:0kB'],
    ],
    [
      '4,1,2,-;a line that is longer than a name\\x0ax invoked oom-killer: y',
      ['a line that is longer than a name', 'x invoked oom-killer: y'],
    ],
    ['4,1,2,-;anon 1\\x0afile 2\\x0a', ['anon 1', 'file 2']],
  ])('%j', (line, expected) => {
    expect(messagesOf([line])).toEqual(expected)
  })

  it.each([
    [
      '[ 8523.340112] Task in /a killed as a result of limit of /a[ 8523.340119] memory: usage 4kB, limit 4kB, failcnt 1[ 8523.340',
      ['Task in /a killed as a result of limit of /a', 'memory: usage 4kB, limit 4kB, failcnt 1'],
    ],
    [`> [ 8523.340112] ${HEADER} [ 8523.340119] CPU: 1 PID: 2 Comm: java`, [HEADER, 'CPU: 1 PID: 2 Comm: java']],
    [
      `[Tue Mar 15 09:22:41 2022] ${HEADER}[Tue Mar 15 09:22:41 2022] [ 1234]     0  1234   263423 java`,
      [HEADER, '[ 1234]     0  1234   263423 java'],
    ],
    [
      `Mar 15 09:22:41 n.example kernel: ${HEADER} Mar 15 09:22:41 n.example kernel: ${KILL} Mar 15 09:22:42 n.example dockerd[7]: x`,
      [HEADER, KILL, 'x'],
    ],
  ])('lines that were run together are as many: %j', (line, expected) => {
    expect(messagesOf([line])).toEqual(expected)
  })

  it.each([
    ['a stamp right behind a stamp', '[ 8523.340112] [ 8523.340112] x [1.2] y'],
    ['a stamp of another time in the text', `[ 8523.340112] x [   12.000001] y [98523.340112] z`],
    ['a process called like a stamp', '[ 8523.340112] Killed process 1 (a[8523.400001] ) total-vm:4kB'],
    ['rows and addresses', '[ 8523.340112] [<ffffffff8118476e>] oom_kill_process+0x24e/0x3c0'],
    ['another host in the text', 'Mar 15 09:22:41 n kernel: x Mar 15 09:22:41 m kernel: y'],
    [
      'a line that another program tells',
      'Mar 15 09:22:41 n npd[7]: x Mar 15 09:22:41 n kernel: y Mar 15 09:22:41 n kernel: z',
    ],
  ])('%s makes no second line', (_, line) => {
    expect(messagesOf([line])).toHaveLength(1)
  })

  it('believes the first kind of escape that the kernel lines of a log show', () => {
    const name = 'Mar 15 09:22:41 n kernel: #011#012 invoked oom-killer: x'
    expect(messagesOf(['Mar 15 09:22:41 n kernel: back\\x5cslash', name])[1]).toBe('#011#012 invoked oom-killer: x')
    expect(messagesOf(['Mar 15 09:22:41 n kernel: a#011b', name])[1]).toBe('\t\n invoked oom-killer: x')
  })
})

describe('continuation lines', () => {
  it.each([
    ['[ 12.345678] anon 1', 13],
    ['[Tue Mar 15 09:22:41 2022] anon 1', 27],
    ['kern  :info  : [   12.345678] anon 1', 30],
    ['2022-03-15T09:22:41,553168+09:00 anon 1', 33],
    ['Mar 15 09:22:41 node1 kernel: anon 1', 30],
    ['Mar 15 09:22:41.553168 node1 kernel: anon 1', 37],
    ['[   12.345678] node1 kernel: anon 1', 29],
    ['Tue 2022-03-15 09:22:41 KST node1 kernel: anon 1', 42],
  ])('%j goes on below', (first, indent) => {
    const records = unwrap([first, `${' '.repeat(indent)}file 2`, `${' '.repeat(indent)} active 3`, first])
    expect(records.map(r => [r.message, r.continued])).toEqual([
      ['anon 1', false],
      ['file 2', true],
      [' active 3', true],
      ['anon 1', false],
    ])
    expect(records[1]).toMatchObject({ host: records[0]!.host, ident: 'kernel', stamp: records[0]!.stamp })
    expect(records[1]?.line.lineNumber).toBe(2)
  })

  it('counts bytes where a month is not ASCII', () => {
    expect(messagesOf(['[四 4月 17 18:48:52 2025] anon 1', `${' '.repeat(28)}file 2`])).toEqual(['anon 1', 'file 2'])
  })

  it('does not take an indented line of another form for one', () => {
    const records = unwrap(['[ 12.345678] anon 1', '    Mar 15 09:22:41 node1 kernel: x'])
    expect(records[1]).toMatchObject({ continued: false, host: 'node1', message: 'x' })
  })

  it('keeps the blank of a bare frame', () => {
    expect(messagesOf(['Call Trace:', ' [<ffffffff81>] dump_header+0x1/0x2'])).toEqual([
      'Call Trace:',
      ' [<ffffffff81>] dump_header+0x1/0x2',
    ])
  })
})

describe('a name with a line feed, broken into two lines', () => {
  const E1 = 'Mar 15 09:22:41 n kernel: '
  it.each([
    [`${E1}[ 12.345678] new`, `${E1}[ 12.345678] line invoked oom-killer: x`, 'new\nline invoked oom-killer: x'],
    [`${E1}Killed process 1 (new`, `${E1}line) total-vm:4kB`, 'Killed process 1 (new\nline) total-vm:4kB'],
    [
      `${E1}Kill process 1 (new`,
      `${E1}line) score 4 or sacrifice child`,
      'Kill process 1 (new\nline) score 4 or sacrifice child',
    ],
    [
      `${E1}oom-kill:constraint=X,task=new`,
      `${E1}line,pid=1,uid=0`,
      'oom-kill:constraint=X,task=new\nline,pid=1,uid=0',
    ],
    ['[ 12.345678] new', '             line invoked oom-killer: x', 'new\nline invoked oom-killer: x'],
    [
      '[ 12.345678] Killed process 1 (new',
      '             line) total-vm:4kB',
      'Killed process 1 (new\nline) total-vm:4kB',
    ],
  ])('%j + %j', (first, second, expected) => {
    const records = unwrap([first, second])
    expect(records.map(r => r.message)).toEqual([expected])
    expect(records[0]).toMatchObject({ continued: false, line: { lineNumber: 1 } })
  })

  it.each([
    ['another moment', `${E1}[ 12.345678] </TASK>`, `${E1}[ 12.345679] x invoked oom-killer: y`],
    ['no moment', `${E1}</TASK>`, `${E1}x invoked oom-killer: y`],
    ['another sentence', `${E1}Killed process 1 (new`, `${E1}memory: usage 4kB`],
    ['another host', `${E1}Killed process 1 (new`, 'Mar 15 09:22:41 m kernel: line) total-vm:4kB'],
  ])('does not join over %s', (_, first, second) => {
    expect(unwrap([first, second])).toHaveLength(2)
  })

  it('lets other senders pass while a half waits', () => {
    const other = 'Mar 15 09:22:41 n containerd[1]: x'
    expect(messagesOf([`${E1}Killed process 1 (a`, other, `${E1}b) total-vm:4kB`])).toEqual([
      'x',
      'Killed process 1 (a\nb) total-vm:4kB',
    ])
  })

  it('gives back a half that nothing completes', () => {
    expect(messagesOf([`${E1}Killed process 1 (a`])).toEqual(['Killed process 1 (a'])
  })
})

describe('folded pastes', () => {
  it.each([
    [
      ['[1.000001] Task in /a killed as a result of limit of /kubepo', 'ds/pod1/c1'],
      'Task in /a killed as a result of limit of /kubepods/pod1/c1',
    ],
    [
      ['[1.000001] Memory cgroup stats for /a: cache:4KB rss:44', '8KB swap:0KB'],
      'Memory cgroup stats for /a: cache:4KB rss:448KB swap:0KB',
    ],
    [
      ['> [1.000001] Memory cgroup out of memory: Kill process 31439', '> (java) score 1024 or sacrifice child'],
      'Memory cgroup out of memory: Kill process 31439 (java) score 1024 or sacrifice child',
    ],
    [
      ['[1.000001] java invoked oom-killer: gfp_mask=0xd0, order=0,', 'oom_score_adj=0'],
      'java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0',
    ],
    [
      [`[1.000001] ${KILL}, UID:0 pgtables:524kB oom_scor`, 'e_adj:984'],
      `${KILL}, UID:0 pgtables:524kB oom_score_adj:984`,
    ],
    // a mail that leaves the blank at which it folds
    [
      ['> [1.000001] web invoked oom-killer: ', '> gfp_mask=0xcc0(GFP_KERNEL), order=0, ', '> oom_score_adj=0'],
      'web invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    ],
    [
      [
        '> [1.000001] Out of memory: Killed process 27 (web) ',
        '> total-vm:95kB, anon-rss:64kB, file-rss:46kB, ',
        '> shmem-rss:0kB, UID:0',
      ],
      'Out of memory: Killed process 27 (web) total-vm:95kB, anon-rss:64kB, file-rss:46kB, shmem-rss:0kB, UID:0',
    ],
    [
      ['> [1.000001] CPU: 1 PID: 27 Comm: web Not tainted ', '> 6.10.0-rc2+ #160'],
      'CPU: 1 PID: 27 Comm: web Not tainted 6.10.0-rc2+ #160',
    ],
    [
      ['> [1.000001] [ 718] 0 718 40965 29598 256 29342 0 368640 0 -250 ', '> web-server'],
      '[ 718] 0 718 40965 29598 256 29342 0 368640 0 -250 web-server',
    ],
    [
      ['> [1.000001] [ 718]     0   718    40965    29598     256    29342', '>            -250 web-server'],
      '[ 718]     0   718    40965    29598     256    29342 -250 web-server',
    ],
    [
      ['[1.000001] [ 718]     0   718    40965    29598', '256    29342          -250 web-server'],
      '[ 718]     0   718    40965    29598 256    29342          -250 web-server',
    ],
    [
      ['[1.000001] oom-kill:constraint=CONSTRAINT_MEMCG, oom_memcg=/a,', '     task=x, pid=1, uid=0'],
      'oom-kill:constraint=CONSTRAINT_MEMCG, oom_memcg=/a, task=x, pid=1, uid=0',
    ],
    [
      ['> [1.000001] [ pid ]   uid  tgid total_vm      rss nr_ptes swapents', '> oom_score_adj name'],
      '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
    ],
    [
      [
        '[1.000001] Node 0 DMA32 free:61kB min:9kB low:11kB high:13kB active_anon:13kB',
        'inactive_anon:62kB present:20kB mlocked:354',
        '4kB bounce:0kB free_cma:52kB',
      ],
      'Node 0 DMA32 free:61kB min:9kB low:11kB high:13kB active_anon:13kB inactive_anon:62kB present:20kB mlocked:3544kB bounce:0kB free_cma:52kB',
    ],
    [
      ['[1.000001] Node 0 DMA32: 12*64kB (UM) 3*4096k', 'B (UMC)', ' 1*8192kB (C) 0*16384kB = 613kB'],
      'Node 0 DMA32: 12*64kB (UM) 3*4096kB (UMC) 1*8192kB (C) 0*16384kB = 613kB',
    ],
    [
      ['Memory cgroup out of memory: Killed process 16251 (java)', '  total-vm:4kB,', '  anon-rss:4kB'],
      'Memory cgroup out of memory: Killed process 16251 (java) total-vm:4kB, anon-rss:4kB',
    ],
    [
      ['Mar 15 09:22:41 n kernel: Out of memory: Kill', 'process 16251 (java) score 17 or sacrifice child'],
      'Out of memory: Kill process 16251 (java) score 17 or sacrifice child',
    ],
    [
      ['[1.000001] Memory cgroup out of memory: Killed process', '  16251 (java) total-vm:4kB, anon-rss:4kB'],
      'Memory cgroup out of memory: Killed process 16251 (java) total-vm:4kB, anon-rss:4kB',
    ],
    [
      ['[1.000001] oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/a,task=x,', '  pid=1,', '  uid=0'],
      'oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/a,task=x,pid=1,uid=0',
    ],
    [
      ['Mar 15 09:22:41 n kernel: oom_reaper: reaped process 16251', '(java), now anon-rss:0kB'],
      'oom_reaper: reaped process 16251 (java), now anon-rss:0kB',
    ],
    [
      [
        '[1.000001] oom-kill:constraint=CONSTRAINT_MEMCG,',
        '     oom_memcg=/a,',
        '     task_memcg=/a,task=x,pid=1,uid=0',
      ],
      'oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/a,task_memcg=/a,task=x,pid=1,uid=0',
    ],
  ])('%j', (lines, expected) => {
    expect(messagesOf(lines)).toEqual([expected])
  })

  it('joins no remark below a kill without sizes', () => {
    expect(messagesOf(['Killed process 16251 (java)', 'total loss'])).toEqual([
      'Killed process 16251 (java)',
      'total loss',
    ])
  })

  it('joins nothing onto a whole sentence', () => {
    expect(messagesOf([`[1.000001] ${HEADER}`, 'and then it hung'])).toEqual([HEADER, 'and then it hung'])
  })

  it.each([
    ['[1.000001] Killed process 27 (web)', 'and then it hung'],
    ['[1.000001] Out of memory: Killed process', 'web, and then it hung'],
    ['[1.000001] Node 0 Normal free:6kB min:9kB', 'and then it hung'],
    ['[1.000001] Node 0 Normal: 1*4kB (U)', 'and then it hung'],
    ['[1.000001] [ 718] 0 718 40965 29598 0 368640 0 -250 ', 'that was the table of my processes'],
  ])('joins no other words: %s', (first, second) => {
    expect(messagesOf([first, second])).toHaveLength(2)
  })

  it('joins no line that has an envelope', () => {
    expect(
      messagesOf(['[1.000001] Task in /a killed as a result of limit of /kubepo', '[1.000002] memory: usage 4kB']),
    ).toHaveLength(2)
  })
})

describe('lines that a pager has cut', () => {
  it.each([
    [
      'oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/kubepods.sl>',
      'oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/kubepods.sl',
    ],
    ['memory: usage 524288kB, limit 5242>', 'memory: usage 524288kB, limit '],
    [`${HEADER.slice(0, -1)}-99>`, HEADER.slice(0, -1)],
    [' <TASK>', ' <TASK>'],
    ['[ 1234]     0  1234   263423    12  4096   0   984 a>', '[ 1234]     0  1234   263423    12  4096   0   984 a>'],
  ])('%s', (text, expected) => {
    expect(messagesOf([`Mar 15 09:22:41 n kernel: ${text}`])).toEqual([expected])
  })
})

describe('a line of another form behind', () => {
  const kill = 'Mar 15 09:22:41 n kernel: Killed process 77 (zz) total-vm:4kB, anon-rss:4kB, file-rss:0kB'
  it.each([
    ['a kill without its end', ['y Killed process 1 (a)']],
    ['a table', ['time,host,message']],
    ['a row that does not end', ['time,host,message', '2022-03-15T00:22:41Z,n,"anon 4096']],
    ['rows that are none', ['time,host,message', '"a,b', '"c,d', '"e']],
    ['a document', ['---', 'insertId: x', 'jsonPayload:', '  MESSAGE: "not over', 'timestamp: 2022-03-15T00:22:41Z']],
    ['a rule', ['---']],
    ['a list of Loki', ['{"status":"success","data":{"resultType":"streams","result":[']],
    ['records of OpenTelemetry', ['{"resourceLogs":[{"scopeLogs":[']],
  ])('%s is read', (_, lines) => {
    expect(messagesOf([...lines, kill])).toContain(kill.slice(kill.indexOf('Killed')))
  })
})

describe('lines about other lines', () => {
  it('makes no record of repetitions', () => {
    const texts = [
      `Mar 15 09:22:41 n kernel: ${KILL}`,
      `Mar 15 09:22:42 n kernel: message repeated 3 times: [ ${KILL}]`,
      'Mar 15 09:22:43 n last message repeated 2 times',
    ]
    expect(unwrap(texts)).toHaveLength(1)
  })

  it('learns the boot from journalctl', () => {
    const boot = '3c2f0123456789abcdef0123456789ab'
    const records = unwrap(['Mar 15 09:22:41 n kernel: x', `-- Boot ${boot} --`, 'Mar 15 09:22:41 n kernel: x'])
    expect(records.map(r => r.bootId)).toEqual([null, boot])
  })
})

describe('forms that change and forms that span lines', () => {
  it('follows a log that changes its form', () => {
    const records = unwrap([
      `Mar 15 09:22:41 n kernel: ${KILL}`,
      `2022-03-15T09:22:41Z n kernel: ${KILL}`,
      `[ 12.345678] ${KILL}`,
      KILL,
      `Mar 15 09:22:41 n kernel: ${KILL}`,
    ])
    expect(records.map(r => r.envelope)).toEqual(['rfc3164', 'rsyslog-iso', 'dmesg', 'bare', 'rfc3164'])
  })

  it('does not wait for the rest of ever more streams', () => {
    const part = (stream: number) => JSON.stringify({ log: 'x'.repeat(16_384), stream: `s${stream}` })
    const lines = linesOf(Array.from({ length: 100 }, (_, stream) => part(stream)))
    const unwrapper = createUnwrapper()
    const before = lines.flatMap(line => unwrapper.feed(line))
    expect(before.length).toBe(92)
    expect(unwrapper.end().length).toBe(8)
  })

  it('joins what a container runtime wrote in parts, per stream', () => {
    const at = '2022-03-15T00:22:41.553168162Z'
    expect(
      messagesOf([`${at} stdout P a`, `${at} stderr F x`, `${at} stdout P b`, `${at} stdout F c`, `${at} stdout P d`]),
    ).toEqual(['x', 'abc', 'd'])
  })

  it('names the line that holds the message', () => {
    const pretty = ['{', '\t"_TRANSPORT" : "kernel",', '\t"MESSAGE" : "a\\nfile 2",', '\t"PRIORITY" : "6"', '}']
    const records = unwrap([...pretty, ...pretty])
    expect(records.map(r => [r.line.lineNumber, r.message, r.continued])).toEqual([
      [3, 'a', false],
      [3, 'file 2', true],
      [8, 'a', false],
      [8, 'file 2', true],
    ])
  })

  it('begins in the middle of a record of json-pretty', () => {
    expect(
      messagesOf([
        '\t"_TRANSPORT" : "kernel",',
        '\t"MESSAGE" : "a"',
        '}',
        '{',
        '\t"MESSAGE" : "b",',
        '\t"_TRANSPORT" : "kernel"',
        '}',
      ]),
    ).toEqual(['a', 'b'])
  })

  it('reads dmesg -J with bytes that are no JSON', () => {
    const lines = [
      '{',
      '   "dmesg": [{',
      '         "pri": 4,',
      '         "time":    12.345678,',
      '         "msg": "\\xf0\\x9f \\\\x41"',
      '      }',
      '   ]',
      '}',
    ]
    expect(unwrap(lines)).toMatchObject([{ ident: 'kernel', uptimeSeconds: 12.345678, message: '\\xf0\\x9f \\x41' }])
  })

  it('gives the record that a cut export ends in', () => {
    expect(messagesOf(['__CURSOR=s=1', 'MESSAGE=x', '__CURSOR=s=2', 'MESSAGE=y'])).toEqual(['x', 'y'])
  })

  it('drops the properties of a kmsg record', () => {
    expect(messagesOf(['6,1,2,-;pci 0000: x', ' SUBSYSTEM=pci', ' DEVICE=+pci:0000', '6,2,3,-;y'])).toEqual([
      'pci 0000: x',
      'y',
    ])
  })

  it('skips a journal entry without a message', () => {
    expect(unwrap(['{"MESSAGE":null,"__CURSOR":"a"}'])).toEqual([])
  })
})
