import { expect, it } from 'vitest'
import { namesKernel } from '../../src/sieve/kernel-tag.ts'
import { isTaskRow } from '../../src/sieve/task-row.ts'

it.each([
  [true, 'a syslog line', 'Mar 15 09:22:41 node1 kernel: java OPENER'],
  [true, 'a syslog line with the kernel’s stamp', 'Mar 15 09:22:41 node1 kernel: [ 8523.340112] java OPENER'],
  [true, 'a tag with a pid', 'Mar 15 09:22:41 node1 kernel[0]: java OPENER'],
  [true, 'RFC 5424', '<4>1 2022-03-15T09:22:41.553168+09:00 node1 kernel - - - [ 12.3] java OPENER'],
  [true, 'JSON with the sender first', '{"SYSLOG_IDENTIFIER":"kernel","MESSAGE":"java OPENER"}'],
  [true, 'a line cut before its tag', 'kernel: java OPENER'],
  [true, 'a stamp, a host and a tag', '[ 8523.340112] node1 kernel: java OPENER'],
  [false, 'JSON with the sender last', '{"MESSAGE":"java OPENER","SYSLOG_IDENTIFIER":"kernel"}'],
  [false, 'dmesg', '[ 8523.340112] java OPENER'],
  [false, 'dmesg, a process called kernel-agent', '[ 8523.340112] kernel-agent OPENER'],
  [false, 'dmesg, a process called mykernel:', '[ 8523.340112] mykernel: OPENER'],
  [false, 'dmesg, a process called kernel:', '[ 8523.340112] kernel: OPENER'],
  [false, 'kmsg, a process called kernel:', '4,1234,8523340112,-;kernel: OPENER'],
  [false, 'a tag after the needle only', 'OPENER kernel: '],
  [false, 'a file called kernel.log before the line', 'kernel.log:[ 8523.340112] java OPENER'],
])('%s: the log names the kernel as sender: %s', (expected, _, line) => {
  const bytes = Buffer.from(`earlier kernel: line\n${line}\n`)
  expect(namesKernel(bytes, 21, bytes.indexOf('OPENER'))).toBe(expected)
})

it.each([
  [true, 'Mar 15 09:22:41 node1 kernel: [48213]  1000 48213  1182345   131064     402        0           984 java'],
  [true, '[ 8523.340164] [  48213]  1000 48213  1182345   130452  1327104        0           984 java'],
  [true, '6,1234,8523340112,-;[ 1234]     0  1234   16911'],
  [false, 'Mar 15 09:22:41 node1 kernel: [ 8523.340112] cni0: port 2(veth0) entered blocking state'],
  [false, '[  pid  ]   uid  tgid total_vm      rss'],
  [false, 'Mar 15 09:22:41 node1 kubelet[1412]: I0315 09:22:41.512003'],
  [false, 'lowmem_reserve[]:'],
  [false, ']'],
])('%s: may be a row of a process table: %s', (expected, line) => {
  const bytes = Buffer.from(line)
  expect(isTaskRow(bytes, 0, bytes.length)).toBe(expected)
})
