import { expect, test } from 'vitest'
import { deploymentOf, workloadName } from '../../src/basics/pod-owner.ts'

test.each([
  ['a Deployment', 'billing-7d9f8c6b5-x2x4q', 'billing'],
  ['a Deployment whose hash has no digit', 'billing-bcdfghjkl-x2x4q', 'billing'],
  ['a StatefulSet', 'worker-0', 'worker'],
  ['a DaemonSet', 'fluentd-x7k9z', 'fluentd'],
  ['a DaemonSet with a word of consonants', 'node-splnk-x2x4q', 'node-splnk'],
  ['a DaemonSet with a version in its name', 'gpu-plugin-v2-x7k9z', 'gpu-plugin-v2'],
  ['a CronJob', 'backup-27456789-x7k9z', 'backup'],
  ['an indexed Job', 'etl-42-x7k9z', 'etl'],
  ['a static pod', 'kube-apiserver-node1', 'kube-apiserver-node1'],
  ['a bare pod', 'shell', 'shell'],
])('%s', (what, podName, expected) => {
  expect(workloadName(podName)).toBe(expected)
  // no other kind of owner is called a Deployment
  expect(deploymentOf(podName)).toBe(what.startsWith('a Deployment') ? expected : null)
})
