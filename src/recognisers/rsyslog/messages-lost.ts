import type { MessagesLost } from '../../model/event.ts'
import { whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'

const sample = (text: string, count: number | null) => ({ message: text, expect: { by: 'rsyslog', count, text } })

/** `imjournal: N messages lost due to rate-limiting`; the line that says that it begins has no number. */
export const messagesLost: Recogniser<MessagesLost> = {
  kind: 'messages-lost',
  source: 'rsyslog/rsyslog runtime/ratelimit.c, plugins/imuxsock/imuxsock.c, v5 to v8.2412',
  needles: ['rate-limiting'],
  starts: ['imjournal', 'imuxsock', 'imklog', 'imkmsg'],
  wordings: [
    {
      // `imuxsock[pid: 57, name: /usr/bin/x] from <node1:x>: begin to …`
      since: 'rsyslog 8',
      pattern:
        /^im[a-z]{3,8}(?:\[[^\]\n]{0,300}\])?(?: from <[^>\n]{0,300}>)?: (?:begin to drop messages|(?<count>\d{1,15}) messages lost) due to rate-limiting/,
      samples: [
        sample('imjournal: 12345 messages lost due to rate-limiting', 12345),
        sample('imjournal: 12345 messages lost due to rate-limiting (20000 allowed within 600 seconds)', 12345),
        sample('imjournal: begin to drop messages due to rate-limiting', null),
        sample(
          'imuxsock[pid: 1190, name: /usr/bin/containerd] from <node1:containerd>: 77 messages lost due to rate-limiting (200 allowed within 5 seconds)',
          77,
        ),
      ],
    },
    {
      since: 'rsyslog 5',
      pattern: /^imuxsock (?:begins to drop|lost (?<count>\d{1,15})) messages from pid \d{1,10} due to rate-limiting/,
      samples: [
        sample('imuxsock begins to drop messages from pid 1190 due to rate-limiting', null),
        sample('imuxsock lost 123 messages from pid 1190 due to rate-limiting', 123),
      ],
    },
  ],
  read: ({ count }, text) => ({ by: 'rsyslog', count: whole(count), text }),
}
