/** What a healthy node writes all day: a weight and a function that makes a line's text after the host name. */

const id = (r, world) => r.pick(world.ids)
const pod = (r, world) => r.pick(world.pods)
const klog = (r, world, letter, place) =>
  `kubelet[1412]: ${letter}${world.klogStamp}.${100000 + r.below(899999)}    1412 ${place}] `
const containerd = (r, world, level) =>
  `containerd[1190]: time="${world.isoStamp}.${100000000 + r.below(899999999)}Z" level=${level} msg=`

const kubelet = [
  [
    6,
    (r, w) =>
      `${klog(r, w, 'I', 'prober.go:116')}"Probe succeeded" probeType="Readiness" pod="${pod(r, w).path}" podUID="${pod(r, w).uid}" containerName="${pod(r, w).container}"`,
  ],
  [
    14,
    (r, w) =>
      `${klog(r, w, 'I', 'kubelet.go:2529')}"SyncLoop (probe)" probe="readiness" status="ready" pod="${pod(r, w).path}"`,
  ],
  [
    3,
    (r, w) =>
      `${klog(r, w, 'I', 'reconciler_common.go:245')}"operationExecutor.VerifyControllerAttachedVolume started for volume \\"kube-api-access-${r.word(5)}\\" (UniqueName: \\"kubernetes.io/projected/${pod(r, w).uid}-kube-api-access-${r.word(5)}\\") pod \\"${pod(r, w).name}\\" (UID: \\"${pod(r, w).uid}\\") " pod="${pod(r, w).path}"`,
  ],
  [
    2,
    (r, w) =>
      `${klog(r, w, 'W', 'volume_linux.go:45')}Setting volume ownership for /var/lib/kubelet/pods/${pod(r, w).uid}/volumes/kubernetes.io~configmap/config-volume and fsGroup set. If the volume has a lot of files then setting volume ownership could be slow`,
  ],
  [
    2,
    (r, w) =>
      `${klog(r, w, 'E', 'cadvisor_stats_provider.go:516')}"Partial failure issuing cadvisor.ContainerInfoV2" err="partial failures: [\\"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod(r, w).uid.replaceAll('-', '_')}.slice\\": RecentStats: unable to find data in memory cache]"`,
  ],
  [8, (r, w) => `${klog(r, w, 'I', 'scope.go:117')}"RemoveContainer" containerID="${id(r, w)}"`],
  [
    2,
    (r, w) =>
      `${klog(r, w, 'E', 'remote_runtime.go:432')}"ContainerStatus from runtime service failed" err="rpc error: code = NotFound desc = an error occurred when try to find container \\"${id(r, w)}\\": not found" containerID="${id(r, w)}"`,
  ],
  [
    2,
    (r, w) =>
      `${klog(r, w, 'I', 'patch_prober.go:28')}interesting pod/${pod(r, w).name} container/${pod(r, w).container} namespace/${pod(r, w).namespace}: Readiness probe status=failure output="Get \\"http://10.${r.below(256)}.${r.below(256)}.${r.below(256)}:8080/healthz\\": dial tcp: connect: connection refused"`,
  ],
  [
    3,
    (r, w) =>
      `${klog(r, w, 'I', 'kubelet_getters.go:187')}"Pod status updated" pod="kube-system/kube-proxy-${r.word(5)}" status="Running"`,
  ],
  [
    3,
    (r, w) =>
      `${klog(r, w, 'I', 'transport.go:147')}"Certificate rotation detected, shutting down client connections to start using new credentials" pod="${pod(r, w).path}"`,
  ],
]

const runtime = [
  [6, (r, w) => `${containerd(r, w, 'info')}"StopPodSandbox for \\"${id(r, w)}\\""`],
  [5, (r, w) => `${containerd(r, w, 'info')}"TearDown network for sandbox \\"${id(r, w)}\\" successfully"`],
  [
    5,
    (r, w) =>
      `${containerd(r, w, 'info')}"ImageUpdate event name:\\"registry.example.com/${pod(r, w).container}:v1.${r.below(40)}.${r.below(10)}\\" labels:{key:\\"io.cri-containerd.image\\" value:\\"managed\\"}"`,
  ],
  [5, (r, w) => `${containerd(r, w, 'info')}"shim disconnected" id=${id(r, w)} namespace=k8s.io`],
  [4, (r, w) => `${containerd(r, w, 'warning')}"cleaning up after shim disconnected" id=${id(r, w)} namespace=k8s.io`],
  [
    4,
    (r, w) =>
      `${containerd(r, w, 'info')}"loading plugin \\"io.containerd.ttrpc.v1.task\\"..." runtime=io.containerd.runc.v2 type=io.containerd.ttrpc.v1`,
  ],
  [3, (r, w) => `${containerd(r, w, 'info')}"RemoveContainer for \\"${id(r, w)}\\" returns successfully"`],
  [3, (r, w) => `${containerd(r, w, 'info')}"Finish piping \\"stderr\\" of container exec \\"${id(r, w)}\\""`],
  [
    2,
    (r, w) =>
      `${containerd(r, w, 'error')}"ExecSync for \\"${id(r, w)}\\" failed" error="rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout 1s exceeded: context deadline exceeded"`,
  ],
]

const others = [
  [6, (r, w) => `systemd[1]: Started libcontainer container ${id(r, w)}.`],
  [6, (r, w) => `systemd[1]: cri-containerd-${id(r, w)}.scope: Deactivated successfully.`],
  [
    5,
    (r, w) => `systemd[1]: run-containerd-runc-k8s.io-${id(r, w)}-runc.${r.word(6)}.mount: Deactivated successfully.`,
  ],
  [
    3,
    (r, w) => `systemd[1]: cri-containerd-${id(r, w)}.scope: Consumed ${r.below(90)}.${100 + r.below(899)}s CPU time.`,
  ],
  [7, () => 'systemd[1]: Starting system activity accounting tool...'],
  [
    3,
    (r, w) =>
      `kernel: ${w.printk}cni0: port ${r.below(110)}(veth${r.hex(8)}) entered ${r.pick(['blocking', 'forwarding', 'disabled'])} state`,
  ],
  [2, (r, w) => `kernel: ${w.printk}IPv6: ADDRCONF(NETDEV_CHANGE): veth${r.hex(8)}: link becomes ready`],
  [3, (r, w) => `kernel: ${w.printk}device veth${r.hex(8)} entered promiscuous mode`],
  [
    1,
    (r, w) =>
      `kernel: ${w.printk}EXT4-fs (nvme${r.below(9)}n1): mounted filesystem with ordered data mode. Opts: (null). Quota mode: none.`,
  ],
  [
    2,
    (r, w) =>
      `kernel: ${w.printk}IN=eth0 OUT= MAC=0a:58:0a:f4:${r.hex(2)}:${r.hex(2)}:0a:58:0a:f4:00:01:08:00 SRC=10.${r.below(256)}.${r.below(256)}.${r.below(256)} DST=10.0.3.17 LEN=${r.below(1400)} TOS=0x00 PREC=0x00 TTL=${r.below(64)} ID=${r.below(65535)} PROTO=TCP SPT=${r.below(65535)} DPT=22`,
  ],
  [
    2,
    (r, w) =>
      `sshd[${r.below(40000)}]: Accepted publickey for ops from 10.1.${r.below(256)}.${r.below(256)} port ${r.below(65535)} ssh2: ED25519 SHA256:${r.hex(43)}${w.blank}`,
  ],
  [7, () => 'chronyd[811]: Selected source 169.254.169.123'],
  [1, r => `CROND[${r.below(40000)}]: (root) CMD (run-parts /etc/cron.hourly)`],
  [2, (r, w) => `dhclient[${r.below(9000)}]: DHCPREQUEST on eth0 to 10.0.0.1 port 67 (xid=0x${r.hex(8)})${w.blank}`],
]

/** All of it with each sender's share: a list to pick from evenly. */
export const chatter = [
  ...kubelet.flatMap(([weight, make]) => Array(weight * 3).fill(make)),
  ...runtime.flatMap(([weight, make]) => Array(weight * 2).fill(make)),
  ...others.flatMap(([weight, make]) => Array(make.toString().includes('kernel: ') ? weight : weight * 3).fill(make)),
]
