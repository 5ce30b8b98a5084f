import type { Program } from '../recogniser.ts'
import { messagesLost } from './messages-lost.ts'

/** systemd-journald; up to v208 `systemd-journal`. */
export const journald: Program = {
  name: 'journald',
  speaks: ident => ident === null || ident.startsWith('systemd-journal'),
  recognisers: [messagesLost],
}
