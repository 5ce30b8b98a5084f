import type { StackNoise } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

const sample = (message: string) => ({ message, expect: {} })

/** What a stack dump prints around its frames: registers, code bytes, raw stack words, headings. No fact for us. */
export const stackNoise: Recogniser<StackNoise> = {
  kind: 'stack-noise',
  source:
    'torvalds/linux arch/x86/kernel/dumpstack.c, process_64.c __show_regs(); arch/{arm64,powerpc,loongarch,riscv}/kernel/{process,traps}.c; lib/dump_stack.c, v2.6.18 to v6.18',
  needles: [],
  // Headings, registers, brackets, raw stack words: nearly anything.
  starts: [...'<$?([0123456789abcdefgilmnprstxBCDEGFHLMNOPRST'],
  wordings: [
    {
      since: '2.6.18',
      pattern:
        /^(?:Call [Tt]race|Backtrace|Stack ?|Hardware name|Modules linked in|Code|Exception stack ?\([^)\n]*\)):[^\n]*$/,
      samples: [
        sample('Call Trace:'),
        sample('Call trace:'),
        sample('Hardware name: Example Corporation Virtual Machine/Virtual Machine, BIOS 090008  12/07/2018'),
        sample('Code: Unable to access opcode bytes at RIP 0x7f2c1a0b2c5d.'),
        sample('Stack : 90000000012c8000 0000000000000000 9000000000223d3c 900000010a9b0000'),
      ],
    },
    {
      since: '4.12',
      pattern: /^<\/?(?:TASK|IRQ|EOI|NMI|SOFTIRQ|ENTRY_TRAMPOLINE|#[A-Z0-9]+|<?EOE>?)>\s*$/,
      samples: [sample('<TASK>'), sample('</TASK>'), sample('<IRQ>')],
    },
    {
      since: '6.11',
      pattern: /^Tainted: \[[^\n]*$/,
      samples: [sample('Tainted: [O]=OOT_MODULE, [E]=UNSIGNED_MODULE')],
    },
    {
      since: '2.6.18, x86',
      pattern: /^(?:[RE][A-DS][XIP]|[RE](?:BP|IP)|R\d\d|[C-G]S|CR\d|DR\d|ORIG_[RE]AX|PKRU|EFLAGS): [0-9a-fx:][^\n]*$/,
      samples: [
        sample('RIP: 0033:0x7f2c1a0b2c87'),
        sample('RIP: 0010:copy_user_enhanced_fast_string+0xe/0x40'),
        sample('RSP: 002b:00007ffd1c2f3a48 EFLAGS: 00010246 ORIG_RAX: 0000000000000001'),
        sample('RAX: 0000000000000000 RBX: 00007f2c00000000 RCX: 0000000000000000'),
        sample('R13: 0000000000000000 R14: 0000000000000001 R15: 0000000000000000'),
        sample('FS: 0000 GS: 0000 SS: 0068'),
      ],
    },
    {
      since: '3.10, arm64, riscv',
      pattern: /^(?:pc|lr|sp|fp|ra|gp|tp|epc|pstate|status|[xast]\d{1,2}) ?: [^\n]*$/,
      samples: [sample('pc : 0000ffff9c2d1e48'), sample('x29: ffff800012b3bc20 x28: ffff0000c5a2d400')],
    },
    {
      since: '3.10, powerpc',
      pattern: /^(?:NIP(?: \[|:)|LR (?:=|\[)|REGS: |MSR: |CFAR: |GPR\d\d: |interrupt: )[^\n]*$/i,
      samples: [
        sample('NIP:  00007fff9b2c4d58 LR: 00007fff9b2c4d30 CTR: 0000000000000000'),
        sample('GPR00: 0000000000000004 00007fffd2c3a1b0 00007fff9b3f7f00 0000000000000001'),
      ],
    },
    {
      // x86 up to 4.x, loongarch, s390: words of the stack; the last line may hold one word, or dots.
      since: '2.6.18, raw stack words',
      pattern: /^(?:\$ ?\d+ +: )?(?:[0-9a-f]{8}|[0-9a-f]{16})(?: (?:[0-9a-f]{8}|[0-9a-f]{16})){0,15}(?: ?\.\.\.)?\s*$/,
      samples: [
        sample('ffff880212345678 0000000000000000 ffff880200000000 ffffffff8163c8d0'),
        sample('0000000000000000'),
        sample('$ 0   : 0000000000000000 90000000002245c0 9000000108a9c000 9000000108a9fb50'),
      ],
    },
    {
      since: '2.6.18, a frame without a symbol',
      pattern: /^\(?(?:\[<(?:[0-9a-f]{8,16}|\(ptrval\))>\] ?)?(?:\? )?0x[0-9a-f]+\)?(?: \[[^\]\n]*\])?\s*$/,
      samples: [sample('? 0xffffffffc0a1b2c3'), sample('[<ffffffffc0a1b2c3>] 0xffffffffc0a1b2c2')],
    },
  ],
  read: () => ({}),
}
