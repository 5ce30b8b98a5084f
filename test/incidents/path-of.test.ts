import { expect, test } from 'vitest'
import { readCgroupPath } from '../../src/cgroups/path.ts'
import { pathOf } from '../../src/incidents/path-of.ts'

test('a path is read once', () => {
  const path = '/system.slice/kubelet.service'
  expect(pathOf(path)).toEqual(readCgroupPath(path))
  expect(pathOf(path)).toBe(pathOf(path))
})

test('a path longer than any of Linux is read, and not kept', () => {
  const path = `${'/a'.repeat(3_000)}/kubelet.service`
  expect(pathOf(path)).toEqual(readCgroupPath(path))
  expect(pathOf(path)).not.toBe(pathOf(path))
})
