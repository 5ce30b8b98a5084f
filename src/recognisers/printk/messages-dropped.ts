import type { MessagesLost } from '../../model/event.ts'
import { whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'

const text = '** 42 printk messages dropped **'

/** `** 42 printk messages dropped **`: a console that is slower than the kernel. The ring buffer may still have them. */
export const messagesDropped: Recogniser<MessagesLost> = {
  kind: 'messages-lost',
  source: 'torvalds/linux kernel/printk/printk.c console_emit_next_record(), v3.17 to v6.18',
  needles: ['printk messages dropped'],
  starts: ['** '],
  wordings: [
    {
      since: '3.17',
      pattern: /^\*\* (?<count>\d{1,15}) printk messages dropped \*\*/,
      samples: [{ message: text, expect: { by: 'printk', count: 42, text } }],
    },
  ],
  read: ({ count }, message) => ({ by: 'printk', count: whole(count), text: message }),
}
