/** A Java virtual machine: its heap is one part of what must fit. */
import { languageFinding } from './language.ts'
import type { Rule } from './rule.ts'

/** Names of HotSpot's own threads, cut to 15 bytes by the kernel. */
const threads =
  /^(?:VM ?Thread|C[12] Compiler|GC Thread#|G1 (?:Main|Conc|Refine|Young|Service)|Gang worker#|ParGC Thread|GC task thread|VM Periodic Tas|Reference Handl|Signal Dispatch|ZWorker|ZDirector|ZDriver|Shenandoah)/

export const jvm: Rule = {
  code: 'jvm',
  examine: ({ incident }) =>
    languageFinding(incident, {
      name: 'a Java virtual machine',
      isIts: comm => comm === 'java',
      isThread: comm => threads.test(comm),
      meaning: 'its heap, metaspace, thread stacks and direct buffers together must fit into',
      advice:
        'Bound the heap below the limit: -XX:MaxRAMPercentage=PERCENT (25 by default) or -Xmx, and leave room for what is no heap. If the heap is bounded already, -XX:NativeMemoryTracking=summary and jcmd PID VM.native_memory show the rest. The log cannot tell heap from other memory.',
      references: ['jvm: -XX:MaxRAMPercentage'],
    }),
}
