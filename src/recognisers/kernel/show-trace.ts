import type { TraceFrame } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/**
 * A frame of the call trace. `function` is as printed, with what the compiler adds (`.constprop.0`, `.isra.6`, `.cold`).
 * Its address (`[<ffffffff81685e6c>] `, up to 4.9), a build id after the module and marks at the end (` (P)`) are dropped.
 */
export const traceFrame: Recogniser<TraceFrame> = {
  kind: 'trace-frame',
  source:
    'torvalds/linux arch/x86/kernel/dumpstack.c show_trace_log_lvl(); arch/*/kernel/traps.c, stacktrace.c; lib/vsprintf.c %pB',
  needles: [],
  has: '+0x',
  wordings: [
    {
      since: '2.6.18',
      pattern:
        /^(?:<[/A-Z#0-9]{2,12}>\s{0,8})?\(?(?:\[<?(?:\(ptrval\)|[0-9a-f]{8,16})>?\] {0,3}){0,2}(?<unsure>\? {1,3})?\.?(?<function>[\w$][\w.$]*)\+(?<offset>0x[0-9a-f]+\/0x[0-9a-f]+)(?:\)? \[(?<module>[^\s\]]+)(?: [0-9a-f]+)?\])?\)?(?<unreliable> \(unreliable\))?(?: \([A-Z]+\))?\s*$/,
      samples: [
        {
          message: 'mem_cgroup_out_of_memory+0x13f/0x160',
          expect: { function: 'mem_cgroup_out_of_memory', offset: '0x13f/0x160', module: null, certain: true },
        },
        {
          message: '? __switch_to_asm+0x35/0x70',
          expect: { function: '__switch_to_asm', offset: '0x35/0x70', module: null, certain: false },
        },
        {
          message: '[<ffffffff9d7835a9>] dump_stack+0x19/0x1b',
          expect: { function: 'dump_stack', offset: '0x19/0x1b', module: null, certain: true },
        },
        {
          message: '<EOI>  [<ffffffff8163c8d0>] ? oom_unkillable_task.isra.6+0xcd/0x120',
          expect: { function: 'oom_unkillable_task.isra.6', offset: '0xcd/0x120', module: null, certain: false },
        },
        {
          message: 'xfs_filemap_fault+0x5b/0x1c0 [xfs 4d2f6a9b1c0e83577aa1b4c9d8e7f60123456789]',
          expect: { function: 'xfs_filemap_fault', offset: '0x5b/0x1c0', module: 'xfs', certain: true },
        },
        {
          message: '__xfs_filemap_fault.constprop.0+0x9a/0x110 [xfs]',
          expect: { function: '__xfs_filemap_fault.constprop.0', offset: '0x9a/0x110', module: 'xfs', certain: true },
        },
        {
          // arm64 since 6.13
          message: 'show_stack+0x20/0x38 (C)',
          expect: { function: 'show_stack', offset: '0x20/0x38', module: null, certain: true },
        },
        {
          // powerpc
          message: '[c000000001f2fa10] [c000000000f0b0a8] dump_stack+0xb0/0xf0 (unreliable)',
          expect: { function: 'dump_stack', offset: '0xb0/0xf0', module: null, certain: false },
        },
        {
          // powerpc, big-endian: the dot is of the code, as against the descriptor of the function
          message: '[c0000000e1a2b570] [c0000000000ad498] .mem_cgroup_out_of_memory+0x6c/0x98',
          expect: { function: 'mem_cgroup_out_of_memory', offset: '0x6c/0x98', module: null, certain: true },
        },
        {
          // s390
          message: '([<0000000000113fc8>] show_stack+0x98/0xf0)',
          expect: { function: 'show_stack', offset: '0x98/0xf0', module: null, certain: true },
        },
      ],
    },
    {
      // arm: the caller is the one with an offset, and the next line begins with its name.
      since: '2.6.18',
      pattern:
        /^(?:\[<[0-9a-f]{8}>\] )?\(?[\w.$]+(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?(?: \[[^\s\]]+\])?\)? from (?:\[<[0-9a-f]{8}>\] )?\(?(?<function>[\w.$]+)\+(?<offset>0x[0-9a-f]+\/0x[0-9a-f]+)(?:\)? \[(?<module>[^\s\]]+)(?: [0-9a-f]+)?\])?\)?\s*$/,
      samples: [
        {
          message: 'dump_stack_lvl from dump_header+0x60/0x1a4',
          expect: { function: 'dump_header', offset: '0x60/0x1a4', module: null, certain: true },
        },
        {
          // up to 3.9
          message: '[<c01041e8>] (dump_header.isra.7+0x0/0x170) from [<c0104788>] (out_of_memory+0x248/0x348)',
          expect: { function: 'out_of_memory', offset: '0x248/0x348', module: null, certain: true },
        },
        {
          message: 'wlan_attach [wlanmac] from wlan_proto_init+0x18/0x30 [wlanmac]',
          expect: { function: 'wlan_proto_init', offset: '0x18/0x30', module: 'wlanmac', certain: true },
        },
        {
          message: '[<c010f250>] (unwind_backtrace) from [<c010b3b8>] (show_stack+0x10/0x14)',
          expect: { function: 'show_stack', offset: '0x10/0x14', module: null, certain: true },
        },
      ],
    },
  ],
  read: ({ function: name, offset, module, unsure, unreliable }) =>
    name === undefined || offset === undefined
      ? null
      : { function: name, offset, module: module ?? null, certain: unsure === undefined && unreliable === undefined },
}
