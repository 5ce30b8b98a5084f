import type { Program } from '../recogniser.ts'
import { messagesLost } from './messages-lost.ts'

/** rsyslog; old ones have a number in the tag (`rsyslogd-2177`). */
export const rsyslog: Program = {
  name: 'rsyslog',
  speaks: ident => ident === null || ident.startsWith('rsyslogd') || ident.endsWith('#rsyslogd'),
  recognisers: [messagesLost],
}
