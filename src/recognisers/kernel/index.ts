import type { Program } from '../recogniser.ts'
import { oomPanic } from './check-panic-on-oom.ts'
import { oomCpuset } from './cpuset-print-current-mems-allowed.ts'
import { oomHeader } from './dump-header.ts'
import { oomKill, oomKillRest } from './dump-oom-victim.ts'
import { dumpStackCpu, workqueue } from './dump-stack.ts'
import { taskHeader, taskRow, tasksState } from './dump-tasks.ts'
import { slabHead, slabRow } from './dump-unreclaimable-slab.ts'
import { hugePages } from './hugetlb-show-meminfo.ts'
import { linuxVersion } from './linux-banner.ts'
import { alreadyExiting, killedProcess, killProcess } from './oom-kill-process.ts'
import { oomReaped, oomUnreapable } from './oom-reaper.ts'
import { noKillable } from './out-of-memory.ts'
import { oomGroup } from './print-oom-group.ts'
import { memoryLimitReached, taskInMemcg } from './print-oom-info.ts'
import { memcgStat, memcgStats, memcgUsage } from './print-oom-meminfo.ts'
import { callbacksSuppressed } from './ratelimit.ts'
import { buddyList, lowmemReserve, memInfoNode, memInfoPages, memInfoZone } from './show-free-areas.ts'
import { memInfo, pageTotal } from './show-mem.ts'
import { stackNoise } from './show-regs.ts'
import { swapTotal } from './show-swap-cache-info.ts'
import { traceFrame } from './show-trace.ts'
import { sysrqOom } from './sysrq-handle-moom.ts'
import { allocationFailure, sysrqShowMemory, vmallocFailure } from './warn-alloc.ts'

/**
 * The kernel's sentences. The order decides nothing but speed: first those of which a report has most (rows, stats,
 * frames), then by their place in a report, last the one that could begin with nearly anything.
 */
export const kernel: Program = {
  name: 'kernel',
  // A line without any tag may be a bare dmesg or a paste.
  speaks: ident => ident === 'kernel' || ident === null,
  recognisers: [
    taskRow,
    memcgStat,
    traceFrame,

    oomHeader,
    oomCpuset,
    dumpStackCpu,
    workqueue,
    taskInMemcg,
    memoryLimitReached,
    memcgUsage,
    memcgStats,

    memInfo,
    memInfoPages,
    memInfoNode,
    memInfoZone,
    lowmemReserve,
    buddyList,
    hugePages,
    pageTotal,
    swapTotal,
    slabHead,
    slabRow,

    tasksState,
    taskHeader,
    oomKill,
    oomKillRest,
    killProcess,
    killedProcess,
    alreadyExiting,
    oomReaped,
    oomUnreapable,
    oomGroup,
    noKillable,
    oomPanic,

    sysrqOom,
    callbacksSuppressed,
    linuxVersion,
    allocationFailure,
    vmallocFailure,
    sysrqShowMemory,
    stackNoise,
  ],
  harmless: [
    /^OOM killer (?:en|dis)abled/,
    /^Huh VM_FAULT_OOM leaked out/,
    /^oom killer \d+ \([\s\S]{0,64}\) has mm pinned by/,
    /^Kill process \d+ \([\s\S]{0,64}\) sharing same memory/,
    /^---\[ end Kernel panic/,
    // `out of memory` of other resources.
    /^TCP: out of memory/,
    // The rest of a line that a line feed in the process's name broke.
    /^[^(]{0,64}\) total-vm:\d+kB/,
  ],
}
