import { describe, expect, test } from 'vitest'
import { programs } from '../../src/recognisers/index.ts'
import { understand } from '../../src/recognisers/recognise.ts'

/* Lines that almost fit. */

const I = '4f0e7b8bd0f7f32b8bcd1a9f2d3c8f7ab1b6a6f4a0e5a2f7c2d3e4f5a6b7c8d9'
const U = '8a6f4c02-1b2d-4c55-9a3e-0c9d5f2e7b11'
const head = 'time="2022-03-15T09:22:41.553168162+09:00" level=info msg='
const klog = 'I0315 09:22:41.553168    1234 file.go:1] '

const read = (ident: string | null, message: string) =>
  programs
    .filter(program => program.speaks(ident))
    .flatMap(program => program.recognisers.map(recogniser => understand(recogniser, message)))
    .filter(event => event !== null)

const rows: Record<string, readonly [string, string | null, string][]> = {
  containerd: [
    [
      'an event that waits to be tried again',
      'containerd',
      String.raw`${head}"Events for \"${I}\" is in backoff, enqueue event &TaskOOM{ContainerID:${I},}"`,
    ],
    [
      'an event that could not be handled',
      'containerd',
      String.raw`${head}"Failed to handle event TaskOOM event container_id:\"${I}\""`,
    ],
    [
      'the debug line without an id',
      'containerd',
      'time="2022-03-15T09:22:41Z" level=debug msg="event published" ns=k8s.io topic=/tasks/oom type=containerd.events.TaskOOM',
    ],
    ['a TaskOOM without an id', 'containerd', `${head}"TaskOOM event &TaskOOM{ContainerID:,XXX_unrecognized:[],}"`],
    [
      'a TaskOOM in a field of another message',
      'containerd',
      String.raw`${head}"relayed" error="TaskOOM event container_id:\"${I}\""`,
    ],
    [
      'a TaskOOM quoted by the kubelet',
      'kubelet',
      String.raw`${klog}"Log line" line="${head}\"TaskOOM event container_id:\\\"${I}\\\"\""`,
    ],
    ['a TaskOOM that the kernel is said to say', 'kernel', `${head}"TaskOOM event &TaskOOM{ContainerID:${I},}"`],
    ['a TaskOOM inside the sentence of an application', 'app', `saw TaskOOM event &TaskOOM{ContainerID:${I},}`],
    [
      'the request for a sandbox',
      'containerd',
      `${head}"RunPodSandbox for &PodSandboxMetadata{Name:web-0,Uid:${U},Namespace:shop,Attempt:0,}"`,
    ],
    [
      'a sandbox that failed',
      'containerd',
      `time="2022-03-15T09:22:41Z" level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:web-0,Uid:${U},Namespace:shop,Attempt:0,} failed, error" error="returns sandbox id"`,
    ],
    [
      'the request for a container',
      'containerd',
      String.raw`${head}"CreateContainer within sandbox \"${I}\" for container &ContainerMetadata{Name:app,Attempt:0,}"`,
    ],
    [
      'a container that failed',
      'containerd',
      String.raw`time="2022-03-15T09:22:41Z" level=error msg="CreateContainer within sandbox \"${I}\" for &ContainerMetadata{Name:app,Attempt:0,} failed" error="rpc error"`,
    ],
    ['the request for a start', 'containerd', String.raw`${head}"StartContainer for \"${I}\""`],
    [
      'a start that failed',
      'containerd',
      String.raw`time="2022-03-15T09:22:41Z" level=error msg="StartContainer for \"${I}\" failed" error="rpc error"`,
    ],
    ['a stop', 'containerd', String.raw`${head}"StopContainer for \"${I}\" returns successfully"`],
    ['an exit without any id', 'containerd', `${head}"received sandbox exit event"`],
    [
      'an exit that could not be handled',
      'containerd',
      String.raw`${head}"Failed to handle exit event container_id:\"${I}\""`,
    ],
  ],
  kubelet: [
    [
      'an event of PLEG without a container',
      'kubelet',
      `${klog}"SyncLoop (PLEG): event for pod" pod="shop/web-0" event={"ID":"${U}","Type":"PodSync","Data":null}`,
    ],
    [
      'an event of PLEG that a pager cut',
      'kubelet',
      `${klog}"SyncLoop (PLEG): event for pod" pod="shop/web-0" event={"ID":"${U}","T>`,
    ],
    ['PLEG out of order', 'kubelet', `${klog}"PLEG is not healthy: pleg was last seen active 3m0s ago"`],
    [
      'an eviction for disk',
      'kubelet',
      `${klog}"Eviction manager: must evict pod(s) to reclaim" resourceName="ephemeral-storage"`,
    ],
    ['an eviction for disk, old', 'kubelet', `${klog}eviction manager: must evict pod(s) to reclaim ephemeral-storage`],
    [
      'an eviction for disk, JSON',
      'kubelet',
      '{"ts":1647303761553.168,"msg":"Eviction manager: must evict pod(s) to reclaim","v":0,"resourceName":"nodefs"}',
    ],
    ['an eviction that did not succeed', 'kubelet', `${klog}"Eviction manager: pod failed to evict" pod="shop/web-0"`],
    [
      'the ranking of an eviction',
      'kubelet',
      `${klog}"Eviction manager: pods ranked for eviction" pods=["shop/web-0"]`,
    ],
    [
      'a node with memory',
      'kubelet',
      `${klog}"Recording event message for node" node="n1" event="NodeHasSufficientMemory"`,
    ],
    [
      "cadvisor's own word of every kill",
      'kubelet',
      `${klog}Created an OOM event in container "/kubepods/pod3e1f/0c9d" at 2022-03-15 09:22:41 +0000 UTC`,
    ],
    [
      "cadvisor's echo of every kill, 1.14",
      'kubelet',
      `${klog}Got sys oom event from cadvisor: &{48213 java 2022-03-15 / / }`,
    ],
    [
      'a pod that cannot be synced for another reason',
      'kubelet',
      `${klog}"Error syncing pod, skipping" err="network is not ready" pod="shop/web-0" podUID=${U}`,
    ],
    [
      'a container killed without an id',
      'kubelet',
      `${klog}"Killing container with a grace period" pod="shop/web-0" podUID=${U} containerName="app"`,
    ],
    [
      'JSON that is broken',
      'kubelet',
      '{"ts":1647303761553.168,"msg":"SyncLoop (PLEG): event for pod","v":2,"pod":{"name":"web-0",}',
    ],
  ],
  'CRI-O and conmon': [
    ['an OOM without an id', 'conmon', '[conmon:i]: OOM received'],
    [
      'a container that could not be made',
      'crio',
      'time="2022-03-15T09:22:41Z" level=error msg="Created container failed: shop/web-0/app"',
    ],
    ['the request for a container', 'crio', `${head}"Creating container: shop/web-0/app" id=${U}`],
  ],
  docker: [
    [
      'an OOM without an id',
      'dockerd',
      'time="2022-03-15T09:22:41Z" level=debug msg=event module=libcontainerd namespace=moby topic=/tasks/oom',
    ],
    [
      'the creation of a container',
      null,
      `2022-03-15T09:22:41.553168162+09:00 container create ${I} (image=web:1, name=web)`,
    ],
  ],
  systemd: [
    ['a unit that failed otherwise', 'systemd', "kubelet.service: Failed with result 'exit-code'."],
    ['the words without a unit', 'systemd', 'A process of this unit has been killed by the OOM killer.'],
    ['suspend', 'kernel', 'OOM killer disabled.'],
    ['a kill by a stop', 'systemd', 'web.service: Killing process 1234 (java) with signal SIGKILL.'],
    [
      'a cgroup marked but not killed',
      'systemd-oomd',
      'Marked /user.slice for killing due to memory pressure for /user.slice being 51.23% > 50.00%',
    ],
    ["the kernel's group kill", 'kernel', 'Tasks in /a are going to be killed due to memory.oom.group set'],
  ],
  'killers in user space': [
    ['earlyoom sees that it is short', 'earlyoom', 'low memory! at or below SIGTERM limits: mem  4.00%, swap  0.00%'],
    ['another program sends a signal', 'app', 'sending SIGTERM to process 1234 "java": badness 984, VmRSS 4096 MiB'],
    ['another program kills', 'app', 'Killing process 1234 java'],
    ['systemd ends what remains', 'systemd-shutdown', 'Sending SIGKILL to remaining processes...'],
  ],
  'lost messages': [
    ['a name that only looks like it', 'app', 'Suppressed 3 messages from queue'],
    ['a limit that lost nothing', 'rsyslogd', 'rate-limiting is on'],
  ],
}

describe.each(Object.entries(rows))('%s: no event is', (_, cases) => {
  test.each(cases)('%s', (_name, ident, message) => {
    const events = read(ident, message)
    // The kernel's own table may read a line of the kernel's.
    expect(events.filter(event => event.kind !== 'oom-group')).toEqual([])
  })
})
