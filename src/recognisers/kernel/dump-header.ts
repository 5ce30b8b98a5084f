import type { OomHeader } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { decodeGfpMask, gfpEraOf } from './gfp-flags.ts'
import { int } from './numbers.ts'

/**
 * `X invoked oom-killer: …`: the first line of a report. X asked for memory; it is not the victim.
 *
 * The line may be cut anywhere after `oom-killer:`; what is gone is null (`gfpMask` then an empty string).
 */
export const oomHeader: Recogniser<OomHeader> = {
  kind: 'oom-header',
  source: 'torvalds/linux mm/oom_kill.c dump_header(), v2.6.16 to v6.18',
  // Not `oom-kill`: systemd says `Failed with result 'oom-kill'`, which must not open a section.
  needles: ['oom-killer:'],
  opens: true,
  has: 'oom-killer:',
  wordings: [
    {
      // 4.6: names of the flags. 4.8 to 4.19: nodemask, 4.10 to 4.14 with two blanks after it.
      since: '2.6.19',
      pattern:
        /^(?:(?<comm>[\s\S]{0,64}) )?invoked oom-killer:(?: gfp_mask=(?:(?<gfpMask>(?:0x)?[0-9a-f]{0,16})|[0-9a-fx]{0,18}[*X?]{1,16})(?=[,(\s]))?(?:\((?<gfpFlags>[^)\n]{0,400})\))?(?:,? {0,3}nodemask=(?:\(null\)|(?<nodemask>\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?){0,64})))?(?:,? {0,3}order=(?<order>-?\d{1,9}))?(?:,? {0,3}oom(?:_|kill)adj=-?\d{1,9})?(?:,? {0,3}oom_score_adj=(?<oomScoreAdj>-?\d{1,9}))?[^\n]*$/,
      samples: [
        {
          message: 'VM Thread invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984',
          expect: {
            comm: 'VM Thread',
            gfpMask: '0xcc0',
            gfpFlags: ['GFP_KERNEL'],
            order: 0,
            oomScoreAdj: 984,
            nodemask: null,
          },
        },
        {
          message:
            'runc:[2:INIT] invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, oom_score_adj=-998',
          expect: {
            comm: 'runc:[2:INIT]',
            gfpMask: '0x140dca',
            gfpFlags: ['GFP_HIGHUSER_MOVABLE', '__GFP_COMP', '__GFP_ZERO'],
            order: 0,
            oomScoreAdj: -998,
            nodemask: null,
          },
        },
        {
          message: 'some-shipper: java invoked oom-killer: gfp_mask=0x0(), order=-1, oom_score_adj=0',
          expect: { comm: '', gfpMask: '0x0', gfpFlags: [], order: -1, oomScoreAdj: 0, nodemask: null },
        },
        {
          message: 'bash invoked oom-killer: gfp_mask=0x0(), order=-1, oom_score_adj=0',
          expect: { comm: 'bash', gfpMask: '0x0', gfpFlags: [], order: -1, oomScoreAdj: 0, nodemask: null },
        },
        {
          message:
            'worker invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null),  order=0, oom_score_adj=1000',
          expect: {
            comm: 'worker',
            gfpMask: '0x14200ca',
            gfpFlags: ['GFP_HIGHUSER_MOVABLE'],
            order: 0,
            oomScoreAdj: 1000,
            nodemask: null,
          },
        },
        {
          message:
            'worker invoked oom-killer: gfp_mask=0x24000c0(GFP_KERNEL), nodemask=0,2-3, order=2, oom_score_adj=0',
          expect: {
            comm: 'worker',
            gfpMask: '0x24000c0',
            gfpFlags: ['GFP_KERNEL'],
            order: 2,
            oomScoreAdj: 0,
            nodemask: '0,2-3',
          },
        },
        {
          message: 'postgres invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=900',
          expect: {
            comm: 'postgres',
            gfpMask: '0xd0',
            gfpFlags: ['GFP_KERNEL'],
            order: 0,
            oomScoreAdj: 900,
            nodemask: null,
          },
        },
        {
          // el6
          message: 'httpd invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0, oom_score_adj=0',
          expect: {
            comm: 'httpd',
            gfpMask: '0x201da',
            gfpFlags: ['GFP_HIGHUSER_MOVABLE', '__GFP_COLD'],
            order: 0,
            oomScoreAdj: 0,
            nodemask: null,
          },
        },
        {
          // 2.6.19 to 2.6.31; later ones said oom_adj=. Another scale than oom_score_adj, so it is not read.
          message: 'httpd invoked oom-killer: gfp_mask=0x201d2, order=0, oomkilladj=0',
          expect: {
            comm: 'httpd',
            gfpMask: '0x201d2',
            gfpFlags: ['GFP_HIGHUSER', '__GFP_COLD'],
            order: 0,
            oomScoreAdj: null,
            nodemask: null,
          },
        },
        {
          // Commas lost on the way.
          message: 'httpd invoked oom-killer: gfp_mask=0x201da order=0 oom_adj=0 oom_score_adj=12',
          expect: {
            comm: 'httpd',
            gfpMask: '0x201da',
            gfpFlags: ['GFP_HIGHUSER_MOVABLE', '__GFP_COLD'],
            order: 0,
            oomScoreAdj: 12,
            nodemask: null,
          },
        },
        {
          message: 'trail  invoked oom-killer: gfp_mask=0xcc0(GFP_KER',
          expect: { comm: 'trail ', gfpMask: '0xcc0', gfpFlags: null, order: null, oomScoreAdj: null, nodemask: null },
        },
        {
          // Digits blacked out.
          message:
            'web invoked oom-killer: gfp_mask=0x62****(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=(null), order=0, oom_score_adj=7',
          expect: {
            comm: 'web',
            gfpMask: '',
            gfpFlags: ['GFP_HIGHUSER_MOVABLE', '__GFP_ZERO'],
            order: 0,
            oomScoreAdj: 7,
            nodemask: null,
          },
        },
        {
          // Cut inside the number: what is left is another one.
          message: 'java invoked oom-killer: gfp_mask=0x1',
          expect: { comm: 'java', gfpMask: '', gfpFlags: null, order: null, oomScoreAdj: null, nodemask: null },
        },
        {
          // A process without a name.
          message: 'invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
          expect: {
            comm: '',
            gfpMask: '0xcc0',
            gfpFlags: ['GFP_KERNEL'],
            order: 0,
            oomScoreAdj: 0,
            nodemask: null,
          },
        },
      ],
    },
    {
      since: '2.6.16',
      pattern: /^oom-killer: gfp_mask=(?<gfpMask>0x[0-9a-f]+), order=(?<order>-?\d+)\s*$/,
      samples: [
        {
          message: 'oom-killer: gfp_mask=0x201d2, order=0',
          expect: {
            comm: '',
            gfpMask: '0x201d2',
            gfpFlags: ['GFP_HIGHUSER', '__GFP_COLD'],
            order: 0,
            oomScoreAdj: null,
            nodemask: null,
          },
        },
      ],
    },
  ],
  read: ({ comm, gfpMask, gfpFlags, nodemask, order, oomScoreAdj }) => ({
    comm: comm === undefined || isTooLong(comm) ? '' : comm,
    gfpMask: gfpMask ?? '',
    gfpFlags: gfpFlags === undefined ? decodeBare(gfpMask, order) : gfpFlags.split('|').filter(name => name !== ''),
    order: int(order),
    oomScoreAdj: int(oomScoreAdj),
    nodemask: nodemask ?? null,
  }),
}

/** A name has at most 15 bytes, some of which may stand as `\xNN`: what is longer begins with an envelope that we do not know. */
function isTooLong(comm: string): boolean {
  return comm.length > 15 && Buffer.byteLength(comm.replace(/\\x[0-9a-f]{2}/gi, 'x')) > 15
}

/** Flags of a mask that stands without names; null where it may be cut, or its layout is not plain. */
function decodeBare(mask: string | undefined, order: string | undefined): string[] | null {
  if (mask === undefined || order === undefined) return null
  const era = gfpEraOf(mask)
  return era === null ? null : decodeGfpMask(mask, era)
}
