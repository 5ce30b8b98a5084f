import type { Stamp } from '../model/record.ts'
import { type Envelope, type EnvelopeReader, type Parsed, parsed } from './envelope.ts'
import { readIso } from './iso-stamp.ts'

// a reason has up to 128 characters, to which its column is filled up
const LINE =
  /^(?=.{0,600}\bWarning\b)(.{0,400}?)\bOOMKilling\s{1,130}(.{0,300}?)((?:Memory cgroup o|O)ut of memory: Kill(?:ed)? process \d.*)$/
/** `node/n1`, `kernel-monitor, n1`; in a list of events' names `n1.164b58660f8d4590`. */
const NODE = /\bnode\/([\w.-]+)|kernel-monitor, ([\w.-]+)|(?:^|\s)([\w-][\w.-]*)\.[0-9a-f]{16}\s/

/**
 * `27m  Warning  OOMKilling  node/n1  Memory cgroup out of memory: …`: what node-problem-detector saw in the kernel's log,
 * as kubectl lists the events of a cluster or a node. Most columns of time tell an age, which is no time. Not inside
 * another form: a container may list them every minute, and its log's time is not theirs.
 */
export const kubeEvents: Envelope = {
  name: 'kube-events',
  source: 'kubectl get events, describe node; kubernetes/node-problem-detector config/kernel-monitor.json',
  samples: [
    {
      line: '27m         Warning   OOMKilling   node/node1.local    Memory cgroup out of memory: Killed process 1 (a) total-vm:4kB',
      expect: {
        stamp: null,
        host: 'node1.local',
        ident: 'kernel',
        message: 'Memory cgroup out of memory: Killed process 1 (a) total-vm:4kB',
      },
    },
    {
      // up to Kubernetes 1.8; a line feed of the message is gone
      line: '  10m  10m  1  kernel-monitor, node1    Warning  OOMKilling  Out of memory: Kill process 1 (a) score 5 or sacrifice child Killed process 1 (a) total-vm:4kB',
      expect: {
        host: 'node1',
        message: 'Out of memory: Kill process 1 (a) score 5 or sacrifice child\nKilled process 1 (a) total-vm:4kB',
      },
    },
    {
      line: 'default  Warning  node1.164b58660f8d4590  2022-03-15T09:22:41+09:00  OOMKilling  Out of memory: Killed process 1 (a)',
      expect: {
        stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T09:22:41+09:00' },
        host: 'node1',
        message: 'Out of memory: Killed process 1 (a)',
      },
    },
  ],
  open: openKubeEvents,
}

function openKubeEvents(): EnvelopeReader {
  return {
    feed: (text, line) => {
      const row = text.includes('OOMKilling') ? parseRow(text) : null
      return row === null ? null : [{ parsed: row, line }]
    },
    end: () => [],
  }
}

function parseRow(text: string): Parsed | null {
  const found = LINE.exec(text)
  // the next line says who died
  if (found === null || found[3]!.endsWith('or sacrifice child')) return null
  const [, before, object, message] = found
  const node = NODE.exec(`${before}${object}`)
  return parsed({
    stamp: stampIn(`${before}${object}`),
    host: node?.[1] ?? node?.[2] ?? node?.[3] ?? null,
    ident: 'kernel',
    message: message!.replace(/(sacrifice child) (?=Killed process \d)/, '$1\n'),
  })
}

function stampIn(text: string): Stamp | null {
  const at = text.search(/(?<!\S)2\d{3}-\d\d-\d\dT/)
  return at < 0 ? null : (readIso(text, at)?.stamp ?? null)
}
