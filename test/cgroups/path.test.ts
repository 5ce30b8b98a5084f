import { describe, expect, test } from 'vitest'
import { type CgroupPath, containerIdOfUnit, readCgroupPath } from '../../src/cgroups/path.ts'

const I = '4f0e7b8bd0f7f32b8bcd1a9f2d3c8f7ab1b6a6f4a0e5a2f7c2d3e4f5a6b7c8d9'
const NODE = '0b1c2d3e4f5061728394a5b6c7d8e9f00b1c2d3e4f5061728394a5b6c7d8e9f0'
const U = '8a6f4c02-1b2d-4c55-9a3e-0c9d5f2e7b11'
const U_ = U.replaceAll('-', '_')
const STATIC = '0123456789abcdef0123456789abcdef'
const nothing = {
  level: 'other',
  containerId: null,
  runtime: null,
  podUid: null,
  qosClass: null,
  unit: null,
  cut: false,
}
const inPod: Partial<CgroupPath> = { level: 'container', containerId: I, podUid: U, qosClass: 'Burstable' }
const slice = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${U_}.slice`
const kind = `/docker/${NODE}/kubelet.slice/kubelet-kubepods.slice`

const rows: readonly [string, string, Partial<CgroupPath>][] = [
  ['C1: cgroupfs, burstable', `/kubepods/burstable/pod${U}/${I}`, { ...inPod }],
  ['C1: cgroupfs, best effort', `/kubepods/besteffort/pod${U}/${I}`, { ...inPod, qosClass: 'BestEffort' }],
  ['C2: cgroupfs, guaranteed', `/kubepods/pod${U}/${I}`, { ...inPod, qosClass: 'Guaranteed' }],
  ['C3: systemd, containerd', `${slice}/cri-containerd-${I}.scope`, { ...inPod, runtime: 'containerd' }],
  [
    'C4: systemd, guaranteed',
    `/kubepods.slice/kubepods-pod${U_}.slice/cri-containerd-${I}.scope`,
    { ...inPod, runtime: 'containerd', qosClass: 'Guaranteed' },
  ],
  [
    'masked before it was posted: systemd',
    '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podxxxxx.slice/cri-containerd-xxxxx.scope',
    { level: 'container', runtime: 'containerd', qosClass: 'Burstable' },
  ],
  [
    'masked before it was posted: the beginning of each id',
    '/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod8a6f....slice/docker-4f0e....scope',
    { level: 'container', runtime: 'docker', qosClass: 'BestEffort' },
  ],
  [
    'masked before it was posted: cgroupfs',
    '/kubepods/burstable/pod<uid>/<id>',
    { level: 'container', qosClass: 'Burstable' },
  ],
  ['masked before it was posted: a pod', '/kubepods/pod****', { level: 'pod', qosClass: 'Guaranteed', cut: true }],
  [
    'shortened before it was posted',
    '/system.slice/docker-4f0e7b8bd0f7...scope',
    { level: 'container', containerId: '4f0e7b8bd0f7', runtime: 'docker', cut: true },
  ],
  [
    'the pod left out before it was posted',
    `/kubepods.slice/.../cri-containerd-${I}.scope`,
    { level: 'container', containerId: I, runtime: 'containerd' },
  ],
  ['a mask elsewhere says nothing', '/system.slice/xxxxx.scope', { level: 'unit', unit: 'xxxxx.scope' }],
  ['C5: systemd, docker', `${slice}/docker-${I}.scope`, { ...inPod, runtime: 'docker' }],
  ['C6: systemd, CRI-O', `${slice}/crio-${I}.scope`, { ...inPod, runtime: 'cri-o' }],
  ['C6: cgroupfs, CRI-O', `/kubepods/burstable/pod${U}/crio-${I}`, { ...inPod, runtime: 'cri-o' }],
  ['C6: crun has a child', `${slice}/crio-${I}.scope/container`, { ...inPod, runtime: 'cri-o' }],
  [
    'C6: conmon watches a container and is none',
    `${slice}/crio-conmon-${I}.scope`,
    { level: 'unit', podUid: U, qosClass: 'Burstable', unit: `crio-conmon-${I}.scope` },
  ],
  [
    'C7: colons',
    `/kubepods-besteffort-pod${U_}.slice:cri-containerd:${I}`,
    { ...inPod, runtime: 'containerd', qosClass: 'BestEffort' },
  ],
  [
    'C7: colons below the service of containerd, which is not the unit of the container',
    `/system.slice/containerd.service/kubepods-burstable-pod${U_}.slice:cri-containerd:${I}`,
    { ...inPod, runtime: 'containerd' },
  ],
  ['C8: docker, cgroupfs', `/docker/${I}`, { level: 'container', containerId: I, runtime: 'docker' }],
  ['C8: docker, systemd', `/system.slice/docker-${I}.scope`, { level: 'container', containerId: I, runtime: 'docker' }],
  ['C9: podman', `/machine.slice/libpod-${I}.scope`, { level: 'container', containerId: I, runtime: 'podman' }],
  [
    'C9: podman in a podman pod',
    `/machine.slice/libpod_pod_${NODE}.slice/libpod-${I}.scope/container`,
    { level: 'container', containerId: I, runtime: 'podman' },
  ],
  [
    'C9: the slice of a podman pod is no container',
    `/machine.slice/libpod_pod_${NODE}.slice`,
    { level: 'slice', unit: `libpod_pod_${NODE}.slice` },
  ],
  [
    'C10: podman without root',
    `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${I}.scope/container`,
    { level: 'container', containerId: I, runtime: 'podman' },
  ],
  ['C11: ctr', `/default/${I}`, { level: 'container', containerId: I, runtime: 'containerd' }],
  ['C11: ctr takes any name', '/default/web-1', { level: 'container', containerId: 'web-1', runtime: 'containerd' }],
  [
    'C11: ctr, k8s.io',
    '/k8s.io/adhoc.test_2',
    { level: 'container', containerId: 'adhoc.test_2', runtime: 'containerd' },
  ],
  ['C11: moby by containerd', `/moby/${I}`, { level: 'container', containerId: I, runtime: 'docker' }],
  ['C11: nerdctl', `/system.slice/nerdctl-${I}.scope`, { level: 'container', containerId: I, runtime: 'nerdctl' }],
  [
    'C12: kind, systemd',
    `${kind}/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${U_}.slice/cri-containerd-${I}.scope`,
    { ...inPod, runtime: 'containerd' },
  ],
  ['C12: kind, cgroupfs', `/docker/${NODE}/kubepods/burstable/pod${U}/${I}`, { ...inPod }],
  [
    'C12: k3d, the node is a scope',
    `/system.slice/docker-${NODE}.scope/kubepods/besteffort/pod${U}/${I}`,
    { ...inPod, qosClass: 'BestEffort' },
  ],
  ['C12: kubepods inside a node container', kind, { level: 'kubepods' }],
  [
    'C12: a daemon of the node container',
    `/docker/${NODE}/system.slice/kubelet.service`,
    { level: 'container', containerId: NODE, runtime: 'docker', unit: 'kubelet.service' },
  ],
  ['C12: below /kubelet', `/kubelet/kubepods/burstable/pod${U}/${I}`, { ...inPod }],
  [
    'C13: LXC around the node',
    `/lxc.payload.ny2g2-lxc${slice}/cri-containerd-${I}.scope`,
    { ...inPod, runtime: 'containerd' },
  ],
  ['C13: LXC alone', '/lxc/101/init.scope', { level: 'unit', unit: 'init.scope', runtime: 'lxc' }],
  ['C13: LXC alone, a directory', '/lxc.payload.web/app', { level: 'other', runtime: 'lxc' }],
  [
    'C14: systemd inside a container',
    `${slice}/crio-${I}.scope/init.scope`,
    { ...inPod, runtime: 'cri-o', unit: 'init.scope' },
  ],
  [
    'C14: a service inside a container',
    `/kubepods/burstable/pod${U}/${I}/system.slice/foo.service`,
    { ...inPod, unit: 'foo.service' },
  ],
  ['C14: docker inside a container of a pod', `/kubepods/burstable/pod${U}/${I}/docker/${NODE}`, { ...inPod }],
  [
    'C14: docker inside docker',
    `/docker/${NODE}/docker/${I}`,
    { level: 'container', containerId: I, runtime: 'docker' },
  ],
  ['C15: kata ends at the pod', `${slice}/kata_overhead`, { level: 'pod', podUid: U, qosClass: 'Burstable' }],
  ['C16: ECS', `/ecs/${STATIC}/${I}`, { level: 'container', containerId: I, runtime: 'ecs' }],
  [
    'C16: ECS, v2',
    `/ecstasks.slice/ecstasks-${STATIC}.slice/docker-${I}.scope`,
    { level: 'container', containerId: I, runtime: 'docker' },
  ],
  ['C17: CI', `/actions_job/${I}`, { level: 'container', containerId: I }],
  ['C18: pod, cgroupfs', `/kubepods/burstable/pod${U}`, { level: 'pod', podUid: U, qosClass: 'Burstable' }],
  ['C18: pod, systemd', slice, { level: 'pod', podUid: U, qosClass: 'Burstable' }],
  [
    'C18: guaranteed pod',
    `/kubepods.slice/kubepods-pod${U_}.slice`,
    { level: 'pod', podUid: U, qosClass: 'Guaranteed' },
  ],
  ['C18: static pod', `/kubepods/burstable/pod${STATIC}/${I}`, { ...inPod, podUid: STATIC }],
  [
    'C18: static pod, systemd',
    `/kubepods.slice/kubepods-pod${STATIC}.slice`,
    { level: 'pod', podUid: STATIC, qosClass: 'Guaranteed' },
  ],
  ['C19: kubepods, cgroupfs', '/kubepods', { level: 'kubepods' }],
  ['C19: kubepods, systemd', '/kubepods.slice', { level: 'kubepods' }],
  ['C19: QoS, cgroupfs', '/kubepods/burstable', { level: 'qos', qosClass: 'Burstable' }],
  ['C19: QoS, systemd', '/kubepods.slice/kubepods-besteffort.slice', { level: 'qos', qosClass: 'BestEffort' }],
  ['C20: service', '/system.slice/foo.service', { level: 'unit', unit: 'foo.service' }],
  ['C20: below a service', '/system.slice/foo.service/worker', { level: 'unit', unit: 'foo.service' }],
  ['C20: slice', '/system.slice', { level: 'slice', unit: 'system.slice' }],
  ['C20: session', '/user.slice/user-0.slice/session-12.scope', { level: 'unit', unit: 'session-12.scope' }],
  ['C20: init', '/init.scope', { level: 'unit', unit: 'init.scope' }],
  ['C20: root', '/', { level: 'root' }],
  [
    'C20: a machine, escaped',
    String.raw`/machine.slice/machine-qemu\x2d1\x2dvm.scope`,
    { level: 'unit', unit: String.raw`machine-qemu\x2d1\x2dvm.scope` },
  ],
  [
    'C20: a machine, escaped by kmsg',
    String.raw`/machine.slice/machine-qemu\x5cx2d1.scope`,
    { level: 'unit', unit: String.raw`machine-qemu\x2d1.scope` },
  ],
  ['C21: kubelet', '/podruntime.slice/kubelet.service', { level: 'unit', unit: 'kubelet.service' }],
  ['C21: pod runtime', '/podruntime.slice', { level: 'slice', unit: 'podruntime.slice' }],
  ['escaped id', String.raw`${slice}/cri\x2dcontainerd-${I}.scope`, { ...inPod, runtime: 'containerd' }],
  [
    'last component alone: cpuset=',
    `cri-containerd-${I}.scope`,
    { level: 'container', containerId: I, runtime: 'containerd' },
  ],
  ['last component alone: bare id', I, { level: 'container', containerId: I }],
  [
    'id cut short, scope closed',
    `${slice}/cri-containerd-cabbede.scope`,
    { ...inPod, containerId: 'cabbede', runtime: 'containerd', cut: true },
  ],
  [
    'id cut by the end of the line',
    `${slice}/cri-containerd-4f0e7b8bd0`,
    { ...inPod, containerId: '4f0e7b8bd0', runtime: 'containerd', cut: true },
  ],
  ['whole id, cut in .scope', `${slice}/docker-${I}.sco`, { ...inPod, runtime: 'docker' }],
  [
    'bare id cut below a pod',
    `/kubepods/burstable/pod${U}/4f0e7b8bd0`,
    { ...inPod, containerId: '4f0e7b8bd0', cut: true },
  ],
  [
    'bare id cut below docker',
    '/docker/4f0e7b8bd0',
    { level: 'container', containerId: '4f0e7b8bd0', runtime: 'docker', cut: true },
  ],
  ['cut in the uid', '/kubepods/burstable/pod8a6f4c02-1b2', { level: 'pod', qosClass: 'Burstable', cut: true }],
  ['cut after pod', '/kubepods/pod', { level: 'pod', qosClass: 'Guaranteed', cut: true }],
  [
    'cut in the uid, systemd',
    '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod8a6f4c02_1b2d_4c55_9a3',
    { level: 'pod', qosClass: 'Burstable', cut: true },
  ],
  [
    'a damaged level above the pod does not matter',
    `/kubepods.slice/kubepods-urstable.slice/kubepods-burstable-pod${U_}.slice/cri-containerd-${I}.scope`,
    { ...inPod, runtime: 'containerd' },
  ],
  ['not: a service called pod', '/system.slice/pod-manager.service', { level: 'unit', unit: 'pod-manager.service' }],
  ['not: podman', '/system.slice/podman.service', { level: 'unit', unit: 'podman.service' }],
  ['not: a pod outside of kubepods that is cut', '/foo/pod12', {}],
  [
    "not: a user's manager",
    '/user.slice/user-1000.slice/user@1000.service/init.scope',
    { level: 'unit', unit: 'init.scope' },
  ],
  [
    'not: a transient scope with a number',
    '/system.slice/run-rc4f0e7b8bd0f7f32.scope',
    { level: 'unit', unit: 'run-rc4f0e7b8bd0f7f32.scope' },
  ],
  [
    'not: a session with hex digits',
    '/user.slice/session-123456.scope',
    { level: 'unit', unit: 'session-123456.scope' },
  ],
  ['not: a short number in the wrong place', '/lxc/deadbeef', { runtime: 'lxc' }],
  ['not: burstable elsewhere', '/foo/burstable', {}],
  ['not: a name of JavaScript', '/constructor/4f0e7b8bd0', {}],
  ['not: text', 'no path at all', {}],
  ['not: nothing', '', {}],
]

describe('readCgroupPath', () => {
  test.each(rows)('%s', (_, path, expected) => {
    expect(readCgroupPath(path)).toEqual({ ...nothing, ...expected })
  })

  test('no path throws, and a path cut at any byte names no other pod and no other container', () => {
    for (const [, path, expected] of rows)
      for (let length = 0; length < path.length; length++) {
        const read = readCgroupPath(path.slice(0, length))
        if (read.podUid !== null) expect(read.podUid).toBe(expected.podUid)
        if (read.containerId !== null && read.cut && expected.containerId)
          expect([expected.containerId, NODE].some(id => id?.startsWith(read.containerId!))).toBe(true)
      }
  })

  test('a component of a megabyte comes to an end, and so does a megabyte of components', () => {
    for (const unit of [
      'a-',
      'kubepods-',
      '4f0e7b-',
      'kubepods-pod',
      String.raw`\x2d`,
      ':',
      'x.slice:',
      '/',
      'a/',
      'a.slice/',
    ])
      expect(readCgroupPath(`/${unit.repeat(1_000_000 / unit.length)}`).containerId).toBeNull()
  })
})

describe('containerIdOfUnit', () => {
  test.each([
    ['a containerd scope', `cri-containerd-${I}.scope`, I],
    ['a docker scope', `docker-${I}.scope`, I],
    ['conmon is no container', `crio-conmon-${I}.scope`, null],
    ['a service', 'kubelet.service', null],
    ['a slice of a pod', `kubepods-burstable-pod${U_}.slice`, null],
    ['a scope with a number', 'session-123456.scope', null],
  ])('%s', (_, unit, expected) => {
    expect(containerIdOfUnit(unit)).toBe(expected)
  })
})
