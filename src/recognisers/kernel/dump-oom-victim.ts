import type { OomKill } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int } from './numbers.ts'

/**
 * Victim and both cgroups on one line. It is printed in pieces: another CPU may print in between, so that the rest
 * (`,oom_memcg=…`, `,task=…`) stands on a line of its own. Then each of the two gives what it has.
 *
 * Up to the victim's own fields the keys come in a fixed order. The victim's name may look like any of them
 * (`task=x,pid=1`), so it goes from the first `,task=` to the last `,pid=`.
 */
export const oomKill: Recogniser<OomKill> = {
  kind: 'oom-kill',
  source: 'torvalds/linux mm/oom_kill.c dump_oom_victim(), v6.7; dump_oom_summary(), v5.0 to v6.6',
  needles: ['oom-kill:'],
  opens: true,
  starts: ['oom-kill:'],
  wordings: [
    {
      // seen on a node of a kernel that prints `nr_ptes` and `Kill process`, too: a backport without what stands in front
      since: '5.0, backported',
      pattern: /^oom-kill:(?<fields>,cpuset=[\s\S]*)$/,
      samples: [
        {
          message:
            'oom-kill:,cpuset=0c9d5f2e,mems_allowed=0-1,oom_memcg=/kubepods/burstable/pod3e1f,task_memcg=/kubepods/burstable/pod3e1f/0c9d5f2e,task=runc:[2:INIT],pid=48213,uid=0',
          expect: {
            constraint: null,
            nodemask: null,
            cpuset: '0c9d5f2e',
            memsAllowed: '0-1',
            globalOom: false,
            oomMemcg: '/kubepods/burstable/pod3e1f',
            oomMemcgCut: false,
            taskMemcg: '/kubepods/burstable/pod3e1f/0c9d5f2e',
            comm: 'runc:[2:INIT]',
            pid: 48213,
            uid: 0,
          },
        },
      ],
    },
    {
      since: '5.0',
      pattern: /^oom-kill:(?<fields>constraint=[\s\S]*)$/,
      samples: [
        {
          message:
            'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-0c9d.scope,mems_allowed=0-1,oom_memcg=/kubepods.slice/pod3e1f.slice,task_memcg=/kubepods.slice/pod3e1f.slice/cri-containerd-0c9d.scope,task=VM Thread,pid=48213,uid=1000',
          expect: {
            constraint: 'CONSTRAINT_MEMCG',
            nodemask: null,
            cpuset: 'cri-containerd-0c9d.scope',
            memsAllowed: '0-1',
            globalOom: false,
            oomMemcg: '/kubepods.slice/pod3e1f.slice',
            oomMemcgCut: false,
            taskMemcg: '/kubepods.slice/pod3e1f.slice/cri-containerd-0c9d.scope',
            comm: 'VM Thread',
            pid: 48213,
            uid: 1000,
          },
        },
        {
          message: 'oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/a,task_memcg=/a/b,task=java,pid=48213,uid=1000`',
          expect: {
            constraint: 'CONSTRAINT_MEMCG',
            nodemask: null,
            cpuset: null,
            memsAllowed: null,
            globalOom: false,
            oomMemcg: '/a',
            oomMemcgCut: false,
            taskMemcg: '/a/b',
            comm: 'java',
            pid: 48213,
            uid: 1000,
          },
        },
        {
          // written out by hand
          message: 'oom-kill:constraint=CONSTRAINT_NONE, global_oom, task_memcg=/a/b, task=java, pid=48213, uid=1000',
          expect: {
            constraint: 'CONSTRAINT_NONE',
            nodemask: null,
            cpuset: null,
            memsAllowed: null,
            globalOom: true,
            oomMemcg: null,
            oomMemcgCut: false,
            taskMemcg: '/a/b',
            comm: 'java',
            pid: 48213,
            uid: 1000,
          },
        },
        {
          message:
            'oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=0,2-3,cpuset=/,mems_allowed=0,2-3,global_oom,task_memcg=/kubepods/pod3e1f/0c9d,task=task=x,pid=1,pid=9911,uid=0',
          expect: {
            constraint: 'CONSTRAINT_MEMORY_POLICY',
            nodemask: '0,2-3',
            cpuset: '/',
            memsAllowed: '0,2-3',
            globalOom: true,
            oomMemcg: null,
            oomMemcgCut: false,
            taskMemcg: '/kubepods/pod3e1f/0c9d',
            comm: 'task=x,pid=1',
            pid: 9911,
            uid: 0,
          },
        },
        {
          message:
            'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=java,pid=48',
          expect: {
            constraint: 'CONSTRAINT_MEMCG',
            nodemask: null,
            cpuset: '/',
            memsAllowed: '0',
            globalOom: false,
            oomMemcg: '/a',
            oomMemcgCut: false,
            taskMemcg: '/a/b',
            comm: 'java',
            pid: null,
            uid: null,
          },
        },
        {
          message:
            'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/kubepods/burst',
          expect: {
            constraint: 'CONSTRAINT_MEMCG',
            nodemask: null,
            cpuset: '/',
            memsAllowed: '0',
            globalOom: false,
            oomMemcg: '/kubepods/burst',
            oomMemcgCut: true,
            taskMemcg: null,
            comm: null,
            pid: null,
            uid: null,
          },
        },
        {
          // cut in two by a terminal: only the name may hold a line feed of its own
          message:
            'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a/0c\n9d,task_memcg=/a/0c9d,ta\nsk=a\nb,pid=48213,uid=1000',
          expect: {
            constraint: 'CONSTRAINT_MEMCG',
            nodemask: null,
            cpuset: '/',
            memsAllowed: '0',
            globalOom: false,
            oomMemcg: '/a/0c9d',
            oomMemcgCut: false,
            taskMemcg: '/a/0c9d',
            comm: 'a\nb',
            pid: 48213,
            uid: 1000,
          },
        },
        {
          message: 'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null)',
          expect: {
            constraint: 'CONSTRAINT_NONE',
            nodemask: null,
            cpuset: null,
            memsAllowed: null,
            globalOom: false,
            oomMemcg: null,
            oomMemcgCut: false,
            taskMemcg: null,
            comm: null,
            pid: null,
            uid: null,
          },
        },
      ],
    },
  ],
  read: ({ fields }) => readFields(fields),
}

/** The rest of a torn line; the first part stands before it and keeps the lines after it. */
export const oomKillRest: Recogniser<OomKill> = {
  kind: 'oom-kill',
  source: 'torvalds/linux mm/oom_kill.c dump_oom_victim(), v6.7; dump_oom_summary(), v5.0 to v6.6',
  needles: [],
  starts: [',cpuset=', ',oom_memcg=', ',global_oom', ',task_memcg=', ',task='],
  wordings: [
    {
      since: '5.0',
      pattern: /^(?<fields>,(?:cpuset=|oom_memcg=|global_oom(?:,|$)|task_memcg=|task=)[\s\S]*)$/,
      samples: [
        {
          message: ',oom_memcg=/a,task_memcg=/a/b,task=java,pid=48213,uid=1000',
          expect: {
            constraint: null,
            nodemask: null,
            cpuset: null,
            memsAllowed: null,
            globalOom: false,
            oomMemcg: '/a',
            oomMemcgCut: false,
            taskMemcg: '/a/b',
            comm: 'java',
            pid: 48213,
            uid: 1000,
          },
        },
        {
          message: ',task=a,b,pid=7,uid=0',
          expect: {
            constraint: null,
            nodemask: null,
            cpuset: null,
            memsAllowed: null,
            globalOom: false,
            oomMemcg: null,
            oomMemcgCut: false,
            taskMemcg: null,
            comm: 'a,b',
            pid: 7,
            uid: 0,
          },
        },
      ],
    },
  ],
  read: ({ fields }) => readFields(fields),
}

function readFields(fields: string | undefined): Omit<OomKill, 'kind'> | null {
  if (fields === undefined) return null
  const text = unfolded(withoutBlanks(fields.startsWith(',') ? fields : `,${fields}`))
  const taskAt = text.indexOf(',task=')
  const before = splitFields(taskAt === -1 ? withoutCutKey(text.trimEnd()) : text.slice(0, taskAt))
  const nodemask = before.get('nodemask')
  return {
    constraint: before.get('constraint') ?? null,
    nodemask: nodemask === undefined || nodemask === '(null)' ? null : nodemask,
    cpuset: before.get('cpuset') ?? null,
    memsAllowed: before.get('mems_allowed') ?? null,
    globalOom: before.has('global_oom'),
    oomMemcg: before.get('oom_memcg') ?? null,
    // the two keys behind it always follow
    oomMemcgCut: taskAt === -1 && before.has('oom_memcg') && !before.has('task_memcg'),
    taskMemcg: before.get('task_memcg') ?? null,
    ...readVictim(taskAt === -1 ? null : text.slice(taskAt + ',task='.length)),
  }
}

/** In one line up to the victim's name, which alone may hold a line feed of its own. */
function unfolded(text: string): string {
  if (!text.includes('\n')) return text
  const name = /,\n?t\n?a\n?s\n?k\n?=/.exec(text)
  const nameAt = name === null ? text.length : name.index + name[0].length
  return text.slice(0, nameAt).replaceAll('\n', '') + text.slice(nameAt)
}

/** Blanks behind the commas are a writer's, who has put them behind each. */
function withoutBlanks(text: string): string {
  if (!text.includes(', ') || text.includes(',task=')) return text
  return text.replace(/, +(?=(?:nodemask|cpuset|mems_allowed|oom_memcg|task_memcg|task|pid|uid)=|global_oom)/g, ',')
}

/** Values may hold commas (`0,2-3`), so a value ends at the next known key. */
function splitFields(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  const keys = [
    ...text.matchAll(/,(constraint|nodemask|cpuset|mems_allowed|oom_memcg|task_memcg)=|,(global_oom)(?=,|$)/g),
  ]
  for (const [i, key] of keys.entries()) {
    const value = text.slice(key.index + key[0].length, keys[i + 1]?.index ?? text.length)
    const name = key[1] ?? key[2]!
    if (!fields.has(name) && (value !== '' || name === 'global_oom')) fields.set(name, value)
  }
  return fields
}

/** `java,pid=48213,uid=1000`. A pid at the end of a cut line may have lost digits: null. */
function readVictim(text: string | null): Pick<OomKill, 'comm' | 'pid' | 'uid'> {
  if (text === null) return { comm: null, pid: null, uid: null }
  const whole = /,pid=(\d{1,10}),(?:uid=(\d{1,10})|[uid=]{0,4})[\s`'"]*$/.exec(text.slice(-60))
  if (whole !== null) {
    const comm = text.slice(0, text.length - whole[0].length)
    return { comm, pid: int(whole[1]), uid: int(whole[2]) }
  }
  return { comm: text.replace(/,(?:p|pi|pid|pid=\d{0,10})?$/, ''), pid: null, uid: null }
}

/** `…,task_memcg=/a/b,tas`: the beginning of a key that a cut left at the end. */
function withoutCutKey(text: string): string {
  const comma = text.lastIndexOf(',')
  const rest = text.slice(comma)
  const isCutKey = [
    ',nodemask=',
    ',cpuset=',
    ',mems_allowed=',
    ',oom_memcg=',
    ',global_oom',
    ',task_memcg=',
    ',task=',
  ].some(key => key !== rest && key.startsWith(rest))
  return comma > 0 && isCutKey ? text.slice(0, comma) : text
}
