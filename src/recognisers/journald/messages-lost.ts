import type { MessagesLost } from '../../model/event.ts'
import { whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'

const sample = (text: string, count: number) => ({ message: text, expect: { by: 'journald', count, text } })

/** `Suppressed N messages from containerd.service` (a rate limit), `Missed N kernel messages` (ring buffer overrun). */
export const messagesLost: Recogniser<MessagesLost> = {
  kind: 'messages-lost',
  source: 'systemd/systemd src/journal/journald-server.c, journald-kmsg.c, v208 to v258',
  needles: ['Suppressed ', 'Missed '],
  starts: ['Suppressed ', 'Missed '],
  wordings: [
    {
      since: 'systemd 208',
      pattern: /^Suppressed (?<count>\d{1,15}) messages from [^\n]*$/,
      samples: [
        sample('Suppressed 2456 messages from containerd.service', 2456),
        sample('Suppressed 917 messages from /system.slice/containerd.service', 917),
      ],
    },
    {
      since: 'systemd 208',
      pattern: /^Missed (?<count>\d{1,15}) kernel messages/,
      samples: [sample('Missed 37 kernel messages', 37)],
    },
  ],
  read: ({ count }, text) => ({ by: 'journald', count: whole(count), text }),
}
