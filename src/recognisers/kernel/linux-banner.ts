import type { LinuxVersion } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/** The first line of a boot: the kernel's clock starts at 0 again. */
export const linuxVersion: Recogniser<LinuxVersion> = {
  kind: 'linux-version',
  source: 'torvalds/linux init/version-timestamp.c linux_banner, init/main.c start_kernel(), v2.6.18 to v6.18',
  needles: ['Linux version'],
  starts: ['Linux version '],
  wordings: [
    {
      since: '2.6.18',
      pattern: /^Linux version (?<kernelRelease>\d\S*)(?!\S)[^\n]*$/,
      samples: [
        {
          message:
            'Linux version 5.15.0-1053-azure (build@host) (gcc (Ubuntu 11.4.0) 11.4.0) #61-Ubuntu SMP Thu Jan 1 00:00:00 UTC 1970',
          expect: { kernelRelease: '5.15.0-1053-azure' },
        },
      ],
    },
  ],
  read: ({ kernelRelease }) => (kernelRelease === undefined ? null : { kernelRelease }),
}
