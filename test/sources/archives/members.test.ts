import { expect, test } from 'vitest'
import { classifyMember, type MemberUse } from '../../../src/sources/archives/members.ts'

const uid = '0b7e6e52-5a1c-4f0b-9d6e-5c1f2a3b4c5d'
const id = 'a'.repeat(64)

const paths: readonly (readonly [use: MemberUse, collector: string, ...paths: string[]])[] = [
  [
    'log',
    'sos',
    'sos/var/log/messages',
    'sos/var/log/messages-20220313.xz',
    'sos/var/log/syslog.2.gz',
    'sos/var/log/kern.log',
  ],
  [
    'log',
    'sos, commands',
    'sos/sos_commands/logs/journalctl_--no-pager',
    'sos/sos_commands/logs/journalctl_--no-pager_--boot_-1',
  ],
  ['log', 'sos, kernel', 'sos/sos_commands/kernel/dmesg', 'sos/sos_commands/kernel/dmesg_-T', 'sos/var/log/dmesg'],
  ['log', 'sos, units', 'sos/sos_commands/containerd/journalctl_--no-pager_--unit_containerd'],
  ['log', 'sos, tails', 'sos/sos_strings/logs/var.log.messages.tailed'],
  [
    'log',
    'EKS',
    'var_log/messages',
    'var_log/syslog',
    'kernel/dmesg.current',
    'kernel/dmesg.human.current',
    'kernel/dmesg.boot',
  ],
  ['log', 'EKS, units', 'containerd/containerd-log.txt', 'kubelet/kubelet.log'],
  ['log', 'Bottlerocket', 'dmesg', 'journalctl.log', 'journalctl.errors'],
  [
    'log',
    'AKS',
    'var/log/azure/containerd-status.log',
    'var/log/azure/kern.log',
    'var/log/journal/0123/system.journal',
  ],
  ['log', 'AKS, unclean journal', 'var/log/journal/0123/system@0005d9fa00000000-0123456789abcdef.journal~'],
  [
    'log',
    'supportconfig',
    'scc_h_220313_0621/messages.txt',
    'scc_h_220313_0621/boot.txt',
    'scc_h_220313_0621/messages-20220306.txt',
  ],
  [
    'log',
    'Rancher',
    'h/systemlogs/syslog',
    'h/systeminfo/dmesg',
    'h/journald/containerd',
    'h/journald/rke2-agent',
    'h/k3s/containerd.log',
  ],
  [
    'log',
    'must-gather',
    'mg/host_service_logs/masters/kubelet_service.log',
    'mg/nodes/n1/dmesg',
    'mg/nodes/n1/n1_logs_kubelet.gz',
  ],
  ['log', 'Talos', '10.5.0.2/dmesg.log', '10.5.0.2/service-logs/containerd.log'],
  ['log', 'troubleshoot', 'b/host-collectors/run-host/dmesg.txt', 'b/host-collectors/journald/kubelet.txt'],
  [
    'log',
    'kind',
    'kind-worker/journal.log',
    'kind-worker/serial.log',
    'kind-worker/containerd.log',
    'kind-worker/kubelet.log',
  ],
  ['log', 'saved output', 'journal.json', 'dmesg-json.json', 'journal.export', 'journal-short-precise.txt'],
  [
    'bundle',
    'bundles inside',
    'bottlerocket/logdog/bottlerocket-logs.tar.gz',
    'host-collectors/x/archive.tar',
    'n.txz',
    'n.zip',
  ],
  ['metadata', 'Rancher', 'h/rke2/crictl/psa', 'h/rke2/crictl/pods', 'h/rke2/kubectl/nodes.json'],
  [
    'metadata',
    'host facts',
    'sos/hostname',
    'sos/date',
    'sos/uname',
    'h/systeminfo/osrelease',
    'kernel/uname.txt',
    'system/region.txt',
  ],
  ['metadata', 'pods', 'mg/namespaces/default/pods/web/web.yaml', 'b/cluster-resources/pods/default.json', 'pods.json'],
  [
    'metadata',
    'listings by the program that printed them',
    'n/crictl-ps.txt',
    'n/crictl_ps_-a',
    'docker-inspect.json',
    'kubectl-describe-pod.txt',
    'sos/sos_commands/kubernetes/cluster-info/ns1/kubectl_get_-o_json_pods',
  ],
  ['name', 'containers', `var/log/pods/ns_pod_${uid}/c/0.log`, `var/log/containers/pod_ns_c-${id}.log`],
  ['other', 'programs of that name', 'n/kubectl', 'n/docker-compose.yml', 'n/kubectl-version.txt'],
  ['other', 'accounts', 'var/log/btmp', 'var/log/wtmp', 'var/log/lastlog', 'var/log/sa/sa13'],
  [
    'other',
    'settings',
    'etc/containerd/config.toml',
    'kubelet/kubelet.service',
    'etc/logrotate.d/syslog.conf',
    'etc/rsyslog.conf',
  ],
  ['other', 'hidden', 'var/log/.messages', '.bash_history'],
  [
    'other',
    'errors of commands',
    'b/host-collectors/run-host/dmesg-stderr.txt',
    'b/host-collectors/run-host/dmesg-info.json',
  ],
]

test.each(
  paths.flatMap(([use, collector, ...all]) => all.map(path => [use, collector, path] as const)),
)('%s, %s: %s', (use, _collector, path) => {
  expect(classifyMember(path)).toBe(use)
})
