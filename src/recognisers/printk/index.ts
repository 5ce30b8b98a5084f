import type { Program } from '../recogniser.ts'
import { messagesDropped } from './messages-dropped.ts'

/** The console of the kernel about itself: no sentence of an OOM report, so no part of the kernel's table. */
export const printk: Program = {
  name: 'printk',
  speaks: ident => ident === null || ident === 'kernel',
  recognisers: [messagesDropped],
}
