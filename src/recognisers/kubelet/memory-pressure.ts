import type { NodeMemoryPressure } from '../../model/event.ts'
import { KLOG_STARTS, klogJson, klogLine, readKlogFields, readKlogStamp } from '../klog.ts'
import type { Recogniser } from '../recogniser.ts'
import { NO_STAMP } from '../sample-ids.ts'

const sample = (message: string, event: string) => ({ message, expect: { event, text: message, ...NO_STAMP } })
const RECLAIM = '(?<what>attempting to reclaim|must evict pod\\(s\\) to reclaim)'
const EVENT_OF: Readonly<Record<string, string>> = {
  'attempting to reclaim': 'AttemptingToReclaim',
  'must evict pod(s) to reclaim': 'MustEvict',
}
const JSON_LINE =
  '{"ts":1647303761553.168,"caller":"eviction/eviction_manager.go:366","msg":"Eviction manager: must evict pod(s) to reclaim","v":0,"resourceName":"memory"}'

/**
 * The node is short of memory, as the kubelet sees it: its eviction manager at work for memory (not for disk or pids),
 * the condition of the node, or an OOM of the whole node that its watcher found in the kernel's log.
 */
export const memoryPressure: Recogniser<NodeMemoryPressure> = {
  kind: 'node-memory-pressure',
  source:
    'kubernetes/kubernetes pkg/kubelet/eviction/eviction_manager.go synchronize(), kubelet_node_status.go recordNodeStatusEvent(), oom/oom_watcher_linux.go Start(), v1.14 to v1.32',
  needles: ['Eviction manager: ', 'eviction manager: ', 'HasInsufficientMemory', 'System OOM', 'Got sys oom event'],
  starts: [...KLOG_STARTS, 'eviction manager', 'Recording', 'Got sys oom', 'System OOM', 'Event('],
  wordings: [
    {
      since: 'kubelet 1.21, --logging-format=json',
      pattern: klogJson(`Eviction manager: ${RECLAIM}`),
      samples: [
        {
          message: JSON_LINE,
          expect: {
            event: 'MustEvict',
            text: JSON_LINE,
            ownMs: 1647303761553.168,
            ownIso: '2022-03-15T00:22:41.553Z',
          },
        },
      ],
    },
    {
      since: 'kubelet 1.21',
      pattern: klogLine(`"Eviction manager: ${RECLAIM}" resourceName="memory"`),
      samples: [
        sample(
          'W0315 09:22:41.553168    1234 eviction_manager.go:344] "Eviction manager: attempting to reclaim" resourceName="memory"',
          'AttemptingToReclaim',
        ),
        sample(
          'I0315 09:22:41.553168    1234 eviction_manager.go:366] "Eviction manager: must evict pod(s) to reclaim" resourceName="memory"',
          'MustEvict',
        ),
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine(`eviction manager: ${RECLAIM} memory\\s*$`),
      samples: [
        sample(
          'W0315 09:22:41.553168    1234 eviction_manager.go:330] eviction manager: attempting to reclaim memory',
          'AttemptingToReclaim',
        ),
        sample(
          'I0315 09:22:41.553168    1234 eviction_manager.go:341] eviction manager: must evict pod(s) to reclaim memory',
          'MustEvict',
        ),
      ],
    },
    {
      since: 'kubelet 1.21',
      pattern: klogLine(
        '"Recording event message for node" node="[^"]{0,253}" event="(?<event>NodeHasInsufficientMemory)"',
      ),
      samples: [
        sample(
          'I0315 09:22:41.553168    1234 kubelet_node_status.go:554] "Recording event message for node" node="n1" event="NodeHasInsufficientMemory"',
          'NodeHasInsufficientMemory',
        ),
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine('Recording (?<event>NodeHasInsufficientMemory) event message for node '),
      samples: [
        sample(
          'I0315 09:22:41.553168    1234 kubelet_node_status.go:486] Recording NodeHasInsufficientMemory event message for node n1',
          'NodeHasInsufficientMemory',
        ),
      ],
    },
    {
      // 1.14 says it of every OOM (`from cadvisor`), later ones of those of the whole node.
      since: 'kubelet 1.19',
      pattern: klogLine('"?Got sys oom event(?<by> from cadvisor)?(?:" event=|: )&?\\{'),
      samples: [
        sample(
          'I0315 09:22:41.553168    1234 oom_watcher_linux.go:77] "Got sys oom event" event={"Pid":48213,"ProcessName":"java","TimeOfDeath":"2022-03-15T09:22:41Z","ContainerName":"/","VictimContainerName":"/","Constraint":""}',
          'SystemOOM',
        ),
        sample(
          'I0315 09:22:41.553168    1234 oom_watcher_linux.go:76] Got sys oom event: &{48213 java 2022-03-15 09:22:41 +0000 UTC / / }',
          'SystemOOM',
        ),
      ],
    },
    {
      since: 'kubelet 1.15',
      pattern: klogLine('(?:"Event occurred" [^\\n]{0,600}message=")?System OOM encountered'),
      samples: [
        sample(
          'I0315 09:22:41.553168    1234 event.go:307] "Event occurred" object="n1" fieldPath="" kind="Node" apiVersion="v1" type="Warning" reason="SystemOOM" message="System OOM encountered, victim process: java, pid: 48213"',
          'SystemOOM',
        ),
        sample('System OOM encountered, victim process: java, pid: 48213', 'SystemOOM'),
      ],
    },
    {
      since: 'kubelet 1.14',
      pattern: klogLine(
        'Event\\(v1\\.ObjectReference\\{Kind:"Node"[^\\n]{0,600}reason: \'(?<event>SystemOOM)\' System OOM encountered',
      ),
      samples: [
        sample(
          'I0315 09:22:41.553168    1234 event.go:278] Event(v1.ObjectReference{Kind:"Node", Namespace:"", Name:"n1", UID:"n1", APIVersion:"", ResourceVersion:"", FieldPath:""}): type: \'Warning\' reason: \'SystemOOM\' System OOM encountered, victim process: java, pid: 48213',
          'SystemOOM',
        ),
      ],
    },
  ],
  read: ({ what, event, by }, message) => {
    if (by !== undefined) return null
    if (message.startsWith('{') && readKlogFields(message).get('resourceName') !== 'memory') return null
    return { event: event ?? EVENT_OF[what ?? ''] ?? 'SystemOOM', text: message, ...readKlogStamp(message) }
  },
}
