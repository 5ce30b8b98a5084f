import type { UserspaceKilled } from '../../model/event.ts'
import { whole } from '../logfmt.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP } from '../sample-ids.ts'

const sample = (text: string, uid: number | null, rssBytes: number | null = 4096 * 1024 * 1024) => ({
  message: text,
  expect: { by: 'earlyoom' as const, path: null, pid: 1234, comm: 'java', uid, rssBytes, text, ...NO_STAMP },
})

/** `sending SIGTERM to process …`; when that does not help, the same again with SIGKILL. */
export const processKilled: Recogniser<UserspaceKilled> = {
  kind: 'userspace-killed',
  source: 'rfjakob/earlyoom kill.c kill_process(), v1.0 to v1.9',
  // The first is common to earlyoom and Talos (`Sending SIGKILL to cgroup`), the second to earlyoom and the kubelet.
  needles: ['ending SIG', 'Killing ', 'VmRSS '],
  starts: ['sending SIG', 'Killing process', 'killing process'],
  wordings: [
    {
      // 1.3 without uid; 1.8 `oom_score` for `badness`, and the command line; 1.9 oom_score_adj.
      since: 'earlyoom 1.3',
      pattern:
        /^sending SIG(?:TERM|KILL) to process (?<pid>\d{1,10})(?: uid (?<uid>\d{1,10}))? "(?<comm>[\s\S]{0,64}?)": (?:badness|oom_score) -?\d{1,9},(?: oom_score_adj -?\d{1,5},)? VmRSS (?<rssMib>\d{1,9}) MiB/,
      samples: [
        sample('sending SIGTERM to process 1234 "java": badness 984, VmRSS 4096 MiB', null),
        sample('sending SIGKILL to process 1234 uid 1000 "java": badness 984, VmRSS 4096 MiB', 1000),
        sample(
          'sending SIGTERM to process 1234 uid 1000 "java": oom_score 984, VmRSS 4096 MiB, cmdline "/usr/bin/java -jar app.jar"',
          1000,
        ),
        sample(
          'sending SIGTERM to process 1234 uid 1000 "java": oom_score 984, oom_score_adj 0, VmRSS 4096 MiB, cmdline "java"',
          1000,
        ),
      ],
    },
    {
      since: 'earlyoom 1.3-rc',
      pattern:
        /^killing process (?<pid>\d{1,10}) "(?<comm>[\s\S]{0,64}?)" with signal (?:9|15): badness -?\d{1,9}, VmRSS (?<rssMib>\d{1,9}) MiB/,
      samples: [sample('killing process 1234 "java" with signal 15: badness 984, VmRSS 4096 MiB', null)],
    },
    {
      since: 'earlyoom 1.1',
      pattern:
        /^Killing process '(?<comm>[\s\S]{0,64}?)' with signal (?:9|15), pid: (?<pid>\d{1,10}), badness: -?\d{1,9}, VmRSS: (?<rssMib>\d{1,9}) MiB/,
      samples: [sample("Killing process 'java' with signal 15, pid: 1234, badness: 984, VmRSS: 4096 MiB", null)],
    },
    {
      since: 'earlyoom 1.0',
      pattern: /^Killing process (?<pid>\d{1,10}) (?<comm>[^(][\s\S]{0,63})$/,
      samples: [sample('Killing process 1234 java', null, null)],
    },
  ],
  read: ({ pid, uid, comm, rssMib }, text) => {
    const mib = whole(rssMib)
    return {
      by: 'earlyoom',
      path: null,
      pid: whole(pid),
      comm: comm!,
      uid: whole(uid),
      rssBytes: mib === null ? null : mib * 1024 * 1024,
      text,
      ...NO_STAMP,
    }
  },
}
