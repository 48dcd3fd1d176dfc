/** A table of words that pass into a capture. What is missing in here only makes captures harder to read. */
const setOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Names that installers give, so they say nothing of anybody: they pass even as names, and as parts of names. */
export const DEFAULT_NAMES: ReadonlySet<string> = setOf(`
  0 api2 base basevol bridge ct current default disk docker0 dropped ens18 ens19 eth0 eth1 eth2 eth3 eth4 host
  json lan lo local localhost lvm none null pam pbs pve redfish root rpool snap subvol thin v1 vm vmbr0 vmbr1
  vmbr2 vmbr3 vzdump wan zfs
`);

/** What paths of requests are made of, beside names and numbers. */
export const PATH_WORDS: ReadonlySet<string> = setOf(`
  access access-log acknowledge acl active admin agent alerts api api2 apt archive attach auth
  backup backup-info bulk ceph certificates
  changes cluster cmd config containers content create current datastore datastore-usage device devmgr df
  directory disks dns docker domains endpoints events exec execute export firewall gc get-fsinfo get-host-name
  get-memory-blocks get-osinfo get-time get-vcpus groups ha hardware health images info jobs json kill labkeeper
  list log login logout logs lvm lvmthin lxc manager_status mapping metrics migrate migrateall namespace network
  network-get-interfaces networkconf networks nodes not-backed-up options pause pci pending permissions ping
  pools portconf probe proxy prune prunebackups qemu reader reboot redfish rename replication repositories reset
  resize resources rest restart resume roles rrddata s self self-test services shutdown sites smart snapshot
  snapshots sta stacks start startall stat state stats status stop stopall storage
  subscription summary suspend swarm sync
  system tasks ticket time token top unpause update usb user users v1 v2 verify version versions volumes vzdump
  wait wakeonlan wlanconf zfs
`);

/** Keys of JSON that pass whatever the lab calls its things. */
export const KEYS: ReadonlySet<string> = setOf(`
  #ComputerSystem.Reset @odata.id @odata.type AccountService Action Actions Actor Aliases
  AllowNondistributableArtifactsCIDRs AllowNondistributableArtifactsHostnames ApiVersion AppArmorProfile Arch
  Architecture Args AttachStderr AttachStdin AttachStdout Attachable Attributes Authorization AutoRemove
  AverageConsumedWatts BatteryRollupStatus Binds Bios BiosVersion BlkioDeviceReadBps BlkioDeviceReadIOps
  BlkioDeviceWriteBps BlkioDeviceWriteIOps BlkioWeight BlkioWeightDevice BlockSizeBytes Boot Bridge
  BridgeNfIp6tables BridgeNfIptables BuildCache BuildCacheUsage BuildTime BuilderSize CPURollupStatus CPUSet
  CPUShares CapAdd CapDrop Capabilities CapacityBytes CapacityMiB Cgroup CgroupDriver CgroupParent CgroupVersion
  CgroupnsMode Chassis Chassis@odata.count ChassisType Cmd Command Components CompositeTemperatureCelsius
  Config ConsoleSize ContainerIDFile
  ContainerUsage ContainerdCommit Containers ContainersPaused ContainersRunning ContainersStopped
  ControlAvailable ControllerFirmwareVersion Controllers CoreCount Count CpuCfsPeriod CpuCfsQuota CpuCount
  CpuPercent CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpuShares CpusetCpus CpusetMems Created
  CurrentControllerMode CurrentState Data DataSourceUri Datastore.AllocateSpace Datastore.Audit Dead Debug
  DefaultRuntime Dell DellController DellPhysicalDisk DellSystem Description Destination Details
  DeviceCgroupRules DeviceIDs DeviceLocator DeviceName DeviceRequests Devices Dns DnsOptions DnsSearch
  DockerRootDir Domainname DriveFormFactor Driver DriverOpts DriverStatus Drives Drives@odata.count
  DurableName DurableNameFormat Efficiency
  EnableIPv6 Endpoint EndpointID EnergykWh Entries Entrypoint Env EnvironmentMetrics Error EthernetInterfaces
  EventService ExecIDs ExitCode ExpandAll ExpandQuery Expected Experimental ExperimentalBuild ExposedPorts
  ExtraHosts FailingStreak FailurePredicted FanName FanRollupStatus Fans FinishedAt FirmwareInventory
  FirmwareVersion Gateway GenericResources GitCommit GlobalIPv6Address GlobalIPv6PrefixLen GoVersion GraphDriver
  GroupAdd HairpinMode Health HealthRollup Healthcheck HostConfig HostIp HostName HostPort HostedServices
  Hostname HostnamePath HostsPath HotPluggable HttpProxy HttpsProxy ID IDSDMRollupStatus IOMaximumBandwidth
  IOMaximumIOps IP IPAM IPAMConfig IPAddress IPPrefixLen IPv4Forwarding IPv6Gateway Id
  Identifiers Image ImageID ImageUsage Items
  Images InUse IndexConfigs IndexServerAddress IndicatorLED Ingress InitBinary InitCommit InputPowerWatts
  InsecureRegistryCIDRs Internal Interval IntervalInMin IpcMode Isolation JsonSchemas KernelMemory
  KernelMemoryTCP KernelVersion Labels LastPowerOutputWatts LayersSize Levels LineInputVoltage
  LinkLocalIPv6Address LinkLocalIPv6PrefixLen LinkStatus Links LiveRestoreEnabled LocalNodeState
  LocationIndicatorActive LocationOrdinalValue LocationType Log LogConfig LogEntryType LogPath LogServices
  LoggingDriver LogicalProcessorCount LowerDir LowerThresholdCritical LowerThresholdNonCritical MacAddress
  ManagedBy ManagerType ManagerVersion Managers Manufacturer MaskedPaths MaxConsumedWatts MaxDIMMSlots MaxLevels
  MaxNumberOfRecords MaxReadingRange MaximumRetryCount MediaType MemTotal MemberId Members Members@odata.count
  Members@odata.nextLink Memory MemoryDeviceType MemoryLimit MemoryMirroring MemoryReservation MemorySummary
  MemorySwap MemorySwappiness MergedDir Message MessageArgs MessageId Metrics MinAPIVersion MinConsumedWatts
  MinReadingRange Mirrors Mode Model MountLabel Mounts NCPU NEventsListener NFd NGoroutines
  NVMeSMART Name Names NanoCpus
  Network NetworkAdapters NetworkID NetworkInterfaces NetworkMode NetworkSettings Networks NoLinks NoProxy
  NodeAddr NodeID OOMKilled OSType OSVersion Oem OldVersion OnBuild OomKillDisable OomScoreAdj OpenStdin
  OperatingSpeedMhz OperatingSystem Options Origin Os PCIeDevices PSRollupStatus Package Parent ParentId
  PartLocation PartNumber Password Path Paused PercentageUsed PhysicalContext PhysicalLocation Pid
  PidMode PidsLimit Platform
  Plugins Pool.Audit PopulatedDIMMSlots PortBindings Ports Power PowerCapacityWatts PowerConsumedWatts
  PowerControl PowerCycles PowerInputWatts PowerMetrics PowerOnHours PowerRestorePolicy PowerState PowerStatus
  PowerSubsystem PowerSupplies PowerSupplyType
  PowerWatts PredictedMediaLifeLeftPercent PredictiveFailureState Priority PrivatePort Privileged ProcessLabel
  ProcessorSummary ProcessorType Processors Product Propagation Protocol ProtocolFeaturesSupported PublicPort
  PublishAllPorts RAIDType RW Reading ReadingCelsius ReadingUnits ReadonlyPaths ReadonlyRootfs Reclaimable
  RedfishVersion Redundancy RedundancySet RefCount Registries RegistryConfig RelatedItem RemoteManagers
  RepoDigests RepoTags ResetType@Redfish.AllowableValues ResolvConfPath RestartCount RestartPolicy Restarting
  Revision RuncCommit Running RunningKernel Runtime Runtimes SDN.Audit SKU SandboxID SandboxKey Scope
  SecondaryIPAddresses SecondaryIPv6Addresses Section SecureBoot SecurityOpt SecurityOptions SelectQuery
  SensorNumber SerialNumber ServerVersion ServiceEnabled ServiceLabel SessionService Sessions Severity Shared
  SharedSize ShmSize SimpleStorage Size SizeRootFs SizeRw Slot Source SpeedPercent SpeedRPM StartedAt State
  Status StdinOnce StopTimeout Storage StorageControllers StorageRollupStatus SwapLimit Swarm Sys.Audit
  Sys.Modify Sys.PowerMgmt SystemGeneration SystemTime SystemType Systems
  TaskService TemperatureCelsius TemperatureReadingsCelsius
  Temperatures Test Thermal ThermalMetrics ThermalSubsystem Title TotalCores TotalSize TotalSystemMemoryGiB
  TrustedModules Tty Type UTSMode UUID Ulimits UnsafeShutdowns UpdateService UpperDir UpperThresholdCritical UpperThresholdFatal
  UpperThresholdNonCritical UsageData User UserName UsernsMode VM.Audit VM.Backup VM.GuestAgent.Audit VM.Migrate
  VM.PowerMgmt VM.Snapshot Variant Vendor Version VirtualSize Voltages Volume VolumeDriver VolumeType
  VolumeUsage Volumes VolumesFrom Warnings WorkDir WorkingDir _id access-log ackTime
  ackUser acknowledged action active active-state activeAlerts
  active_anon active_file address adopted agent alerts all alloc anon anon_thp ap_mac
  arch archived arcsize attributes
  autostart avail availability available backup-id backup-time backup-type balloon bios blkio_stats bond_mode
  boot-info bridge-access bridge_fd bridge_ports bridge_stp bridge_vids bridge_vlan_aware build
  buildTime bus bus-type
  by_id_link bytes_total bytes_used canonicalKind canonicalSpecId canonicalState category
  cgroup-mode channel checks
  children cidr cidr6
  cksum class clearThreshold comment compress containerId containerized containers
  content cores cpu cpuUsagePercent cpu_stats cpu_usage cpuinfo cpus crm_state crypt-mode
  ctime current current-kernel data
  dedup delete dependencies deploymentType desc description dev device device_name devpath
  dhcpd_enabled dhcpd_start dhcpd_stop digest
  disable disabled disk disk-bytes disk-chunks diskread diskwrite dockerHosts domain enable
  enabled encrypted endtime error
  errors essid estimated-full-date event execID exists exitCode fail fail_count families features file file_dirty
  file_mapped file_writeback filename files fingerprint flags fleecing format forward frag free from function
  gateway gc-status general_temperature goVersion gpt guest hardware-address has_temperature hastate
  health hide_ssid history
  history-delta history-start hookscript hostname hvm hwaddr id idle iface ifname image inactive_anon
  inactive_file index-data-bytes index-file-count inet inet6 info inform_ip instance io_merged_recursive
  io_queue_recursive io_service_bytes_recursive io_service_time_recursive io_serviced_recursive
  io_time_recursive io_wait_time_recursive iommugroup iowait ip ip-address ip-address-type ip-addresses
  ip_subnet isDevelopment isDocker isSourceBuild is_uplink is_wired issuer keep-last
  keep-weekly kernel-release kernel-version
  kernel_stack key ksm
  kversion last-run-endtime last-run-state last-run-upid lastSeen lastUpdate last_try last_uplink latency
  latency_average latestVersion leaf level
  limit loadavg local localtime lock lv lv_size lxc mac machine maintenance major map maxcpu maxdisk maxmem mem
  memavailable memhost memory memory_stats memtotal memused message message_raw meta
  metadata metadata_size metadata_used
  method method6 mhz minor mode model monitor monitorOnly monitors mount-status mountpoint msg mtu
  n name nameserver net netin
  netmask netout network network-type network_id networkconf_id networks next-run next_sync
  node nodeDisplayName nodeid nodes
  normalized notafter notbefore notes-template ns num_procs num_sta onboot online online_cpus op osdid
  osdid-list ostype outlet_table ovs_ports owner parameters parent path pci-controller pem pending pending-bytes
  pending-chunks periods pgactivate pgdeactivate pgfault pglazyfree pglazyfreed pgmajfault pgmap pgrefill pgscan
  pgsteal pid pids_stats plugintype poe_mode poe_power pool port_idx port_overrides port_poe port_table
  portconf_id precpu_stats prefix preread pressurecpusome pressureiofull pressureiosome pressurememoryfull
  pressurememorysome pretty-name priority privs protected protection proxyInstallScriptAvailable
  prune-backups pstart public-key-bits
  public-key-type purpose pveversion qemu qmpstatus quorate raw rc read release remote remote-store removed-bad
  removed-bytes removed-chunks repoid requiredScope resolvedAtIso resourceId resourceName
  resourceType result results
  role roleid root
  rootfs roottotal rootused
  rpm runc rundate running
  running-machine runningcpu runtime rx-bytes rx-dropped rx-errs rx-packets rx_bytes
  rx_bytes-r rx_dropped rx_errors
  rx_packets san saved scan schedule scheduler scope scsihw searchdomain
  sectors_recursive secureboot security serial
  server_version serverid service setting_preference shared shares shmem sid signal size slab slab_reclaimable slab_unreclaimable
  slaves slot snapstate snaptime sock sockets source sparse special speed speedtest-status
  startTime starttime startup state
  statistics stats status still-bad storage storage_stats store subject subtype success
  summary sw_mac sw_port swap
  swaptotal swapused sysname system-stats system_cpu_usage t tagged_networkconf_ids tagged_vlan_mgmt tags target temperatures template text thinpool
  thp_collapse_alloc thp_fault_alloc threshold throttled_periods throttled_time throttling_data time timeNano
  timestamp timezone title_raw total total-bytes total-bytes-privileged total_usage tx-bytes tx-dropped tx-errs
  tx-packets tx_bytes tx_bytes-r tx_dropped tx_errors tx_packets type unevictable unit unit-state unprivileged
  unused up updateAvailable upgradable upgrade_to_firmware upid uplink uplink_device_name
  uplink_mac uplink_remote_port uptime uptimeSeconds
  uptime_stats url urls usage usage_in_kernelmode usage_in_usermode use_fixedip used used-bytes user user_hz uuid value
  vendor vendor_name verification version version-id vg vga vgname vlan vlan-id vlan-raw-device vlan_enabled
  vmid vms vmstate volid vpn_type wait wan1 wan2 wan_networkgroup
  wearout websocket worker_id worker_type workingset_activate
  workingset_nodereclaim workingset_refault worst write wwn xput_download xput_upload
`);

/** Words (lower-case) of the interfaces: states, types, units, verbs, products. None is the name of a lab's thing. */
export const WORDS: ReadonlySet<string> = setOf(`
  3d aarch64 abort absent accept accepted access accessnetwork accesspoint account accumulated
  acknowledged acl acpi action
  actions activate active activity actor adapters add addr address addresses adj admin administrator adopted
  adopting advanced aes affinity after ag again agent agents agg aggregate ahci alarm alarms aliases all alloc
  allocate allocatespace allocatetemplate allow allowable allowablevalues allowed allows alone alpine already
  also always ambient amd amd64 ami among amps an and anew anon another answer answered answers any anyone ap
  api api2 apic aplinfo app apparmor append application apps apr apt aptupdate arc arch architecture archive
  archived archlinux arcsize are args arm arm64 arm64v8 armhf armor armv7 artesyn artifacts as ask asked asound
  aspeed assistant at ata attach attachable attached attr attribute attributes audio audit auditor aufs aug auth
  authentication authority authorization authorized auto autostart avago avail availability available average
  avx aware away back backed background backing backplane backup backups backupserver bad balance balloon
  bandwidth base64 base64url based basic battery batteryrollupstatus bay be because been before begin belongs
  below beside between bin binary bind bindings binds bios bits blinking blkio blob block bmc board bond
  bookworm boot both bps br brake bridge broadcom broke bronze bssid btrfs buffer build builder bullseye bus
  busy but button by bytes cache can canceled cannot cap capabilities capacity caps card cards carries category
  cd cdrom celsius centos ceph cephfs cert certificate certificates cfs cgroup cgroupfs cgroupns changed changes
  channel chassis check checks children chip chipset chmod chrony chunks cicustom cid cidr cifs cipassword
  cirrus cisco ciuser cksum class clflush cli client clients clock clocks clone cloned cloud cloudinit cluster
  cmd cmov co code collapse collection com command comment commit community compared completed components
  compose compress compute computer computersystem computersystemcollection conf config configfiles configs
  configuration conflict connect connected connection connectivity console consumed
  consumption container containerd
  containers content contents context continue contrib control controller controllers controls cookie cookies
  copy core cores coretemp corosync corporate corporation corrected could count counted counter cpu cpuinfo cpus
  cpuset crc create created creation credentials critical crm cron crucial crypt csrf csv ct ctime cuda curl
  current custom cx8 cycle cycles daemon daily data database dataset datastore datastoreaudit datastores date
  day days dbe dcgm ddr3 ddr4 ddr5 de dead deadline deb debian debug dec decoder dedup default defect degraded
  delete deleted dell dellcontroller delloem delloemresources dellphysicaldisk dellsystem delta denied depends
  desc description desktop destination destroy detach details dev device devicemapper devices devmgr devpath
  devuan dhcp dhcp6 dhcpd dial die diff digest digests digital digits dimm dir dircreate direct dirty disable
  disabled discard disconnect disconnected disk diskread disks diskwrite display distribution dns do docker
  dockerode does domain domainname done down downlink download drac draw drive driver drives drop dropped drops
  ds duplex duration during dynamic ecc ecpublickey ed25519 efficiency efi eight either elapsed electronics
  elements else embedded en enable enabled enc enclosure encoder encrypt encrypted end ended endpoint endpoints
  endtime endurance energy energyk enforced engine engines enterprise entries entry entrypoint env environment
  environmentmetrics epyc err error errors errs essid estimated esxi etc eth ethernet eui event eventlog events
  every everything exec exfat exhaust exhausted exist exists exit exitcode exited expand expected experimental
  expired export exporter exporters exposed ext2 ext3 ext4 extended extendedinfo extfs extra factor fail failed
  failing failure failures false families family fan fans fast fat32 fatal fault faulted faultlist fb fd
  features feb fecf fedora fence fewer fi fidx field file filename files filesystem filters finds fingerprint
  finish finished firewall firmware first flags fleecing fma for forbidden force forceoff forcerestart form
  format forward forwarding found foundation fpu frag free fri from fs fsinfo fss fstrim fujitsu full function
  fuse fxsr garbage gateway gauge gc ge geforce gen general generation generic gentoo get ghz gi gib gid git
  give given gives global glusterfs gnu go goes gold gone good goroutines got gpt gpu graceful gracefulrestart
  gracefulshutdown graph graphics group grown gtx guest guestagent guestname guests gw gzip ha hairpin half
  hamigrate hangs harddisk hardware has hash hashutdown hastart hastate hastop have hba hdd head header health
  healthcheck healthy heartbeat here hex hgst hidden high history hitachi hold hookscript host hostconfig hosted
  hostname hostnames hostpci hosts hot hour hours how hp hpe hstm ht html http https huawei hub hvm hw hwaddr
  hwmon hwtype hynix hz i386 i440fx icmp id ide identify identity idle idrac idsdm idx ie if iface ifname igd
  ignore ilo image images img imgcopy imgdel iml implemented import in inactive inc inch index indicator inet
  inet6 info inform information ingress inherited init initial inlet input insecure install installed instance
  insufficient intake integrated integrity intel interface interfaces internal internet interval into intrusion
  invalid inventory io iommugroup iothread iowait ip ip6 ipam ipc ipcmode ipsec iptables ipv4 ipv6 ipvlan irq is
  iscsi iscsidirect iso iso9660 isolated isolation issued issuer isu it item its itself jan job jobs joules
  journal journald json jul jun k10temp kcore keep kernel kernelmode kernels key keygen keys keyscan kib kill
  killed kind kingston kioxia known kr ksm ksmtuned kversion kvm64 kwh l24 l26 l2tp label labels laberror lack
  lacks lacp lan last latency latest layer layers layout lclog leads leaf led left legacy len lenovo lets level
  leveling levels lib library licence lies life lifeleft lifeline light limit line lines link links linux list
  listener listens lit live lldp lo load loadavg local localhost localnetwork localtime location locator lock
  locked log logentry logentrycollection logged logger logging logical login logins logout logrotate logs
  logservice logservicecollection logservices long longoffset look looked loop loss lost lower lrm lsi lsi53c810
  lsi53c895a ltd lts lv lvm lvmcreate lvmthin lvmthincreate lxc lxcfs lzo mac machine macvlan mail main
  maintenance major make manage managed management manager managers manifest manifests manual manufactured
  manufacturer many map mapped mapping mar marvell masked match matrox max maxcpu maxdisk maximum maxmem may mca
  mce md5 mdev me meant mega megasas mellanox mem memavailable member members memhost memory memorycollection
  mems memtotal memused merged merging message meta metadata meter method metric metric-threshold metrics mgmt
  mhz mi mib micro micron
  microsoft migrate migrateall min mini minor minute minutes mirror mirroring mirrors missed missing mmx mode
  model modem modify module modules mon monitor monitoring monitors monolithic month more
  most mount mounted mountpoint
  mounts movbe move moved ms msg msr mt mtrr mtu multiple must mux my naa name named names nameserver namespace
  nano nanoseconds native ncpu needs neither nesting net net0 net1 netin netmask netns netout network
  networkconf networkgroup networkin networkmode networkout networks never new newer next nextlink nf nfs
  nftables nic night nixos
  nmi no noaccess nobody node nodeid nodereclaim nodes nofile non nondistributable none nonremovable nor
  normalized not notafter notbefore notes notfound nothing noticed notmounted notsupported nov now npipe ns nsid
  ntfs ntp null num numa number nv nvidia nvme nvme0n1 nvme0n1p3 nvml nvmlclockseventreasons object observe oci
  oct odata oem of off offer offered offers offline offset ok old older on onboot once one oneoff ones online
  only oom op open openbsd opencontainers openssh opensuse openvpn openvz openzfs operate operating operator ops
  opt option optional options opts or order ordinal org origin os osdid osinfo ostype other others ou oui out
  outlet output over overlay overlay2 overlayfs overrides overrule ovmf ovs ovsbond ovsbridge own owner owns
  package packets pae page pam panicked parameter parameters parent part partitions pass passed passphrase
  passthrough password pat patch path paths pause paused pbs pbsapi pbsapitoken pc pci pcie pem pending perc
  percent percentage period periods permanently permission permissions pgactivate pgdeactivate pge pgfault
  pglazyfree pglazyfreed pgmajfault pgmap pgrefill pgscan pgsteal physical pid pidmode pids ping place planar
  platform platinum pluggable plugins plugintype pmx pmxcfs poe policy pool poolid pools popcnt populated port
  portainer portconf ports post postfix power powerconsumedwatts powercontrol powercycle
  powered poweredge powering
  poweringoff poweringon powerinputwatts powermgmt powersubsystem powersupplies powersupplymetrics ppc64le
  precpu predicted predictive preempt prefix prelaunch preread present pressure pressurecpusome pressureiofull
  pressureiosome pressurememoryfull pressurememorysome pretty priority private privilege privileged privileges
  privs problem proc process processes processing processor processors processorscollection procs product
  profile program progress project propagation protected protection protocol provision
  provisioning proxmox proxmoxve
  proxy prune pruning ps ps1 pse psrollupstatus pstart pstate psu public publish pull pulse purpose push
  pushpowerbutton put pv pve pveapi pveapitoken pveauditor pveauthcookie pvedaemon pvefw pveproxy pvescheduler
  pvestatd pveum pveversion pvscsi pwr q35 qcow2 qemu qmclone qmconfig qmcreate qmdelsnapshot qmdestroy qmeventd
  qmigrate qmmove qmpstatus qmreboot qmreset qmrestore qmresume qmrollback qmshutdown qmsnapshot qmstart qmstop
  qmsuspend qmtemplate quadro query queue quiet quorate quorum quota qxl rackmount radeon radio raid raidz
  raidz1 raidz2 raidz3 range rare rates ratio raw rawdevice rbd rc rdnt rdrand reach reached read reader readers
  reading readings readonly reallocated realm realtek realtime reasons reboot reclaimable records recovery
  recreated recursive redfish redundancy ref refault refused refuses registries registry regular rejected
  related release remaining remote remove removed rename renewed repaired replace replaceall replacing
  replication repo repoid report request requests required reservation reserved reset resettype resilver
  resilvered resilvering resize resolv resource resources rest restart restarted restarting restarts restore
  result resume resumed retry revision rights riscv64 riser rm ro role roleid roles rollback rollup rombar root
  rootdir rootfs rootless rootservice roottotal rootused row rows rpm rpool rprivate rr rrddata rs rtx rules run
  runc rundate running runningcpu runs runtime runtimes rw rx ryzen s390x said same samepage samsung san sandbox
  sandisk sas sat sata save saved say says sbe sbin scan scanned schedule scheduler schemas scope score scrub
  scrubbing scsi scsi0 scsihw sctp sd sda sda1 sda3 sdb sdb1 sdc sdd sde sdf sdg sdn seabios seagate search
  searchdomain sec seccomp second secondary seconds secret section sector sectors secure secureboot security see
  seen sees sel select self selinux semiconductor sensor sensors sent sep separated serial serial0 series server
  serverid service serviced serviceroot services session sessions sessionservice set setting settings settled
  severity sfp sh sha256 sha512 shall share shared shares shell shm shmem shot show shown shows shut shutdown shutdowns
  shutting sid sighup sigint sigkill sign signal signed sigquit sigterm sigusr1 sigusr2 silent silver simple
  since single site sites size skipsmart sku slaac slab slaves slot slots slow slowdown sm smart
  smartalertabsent smartctl smbios smi smp snapshot snapshots snapstate snaptime snippets so sock socket sockets
  soft solaris solid some something soon source space spare spares sparse special speed speedtest spice
  spiceproxy spiceshell sply squashfs srv srvreload srvrestart srvstart srvstop ssd sse sseagate ssh sshd
  sshkeys ssid ssl sta stable stack stacks standard stands start startall started starting starttime startup
  stat state static statistics stats status statusfilter stays std stderr stdin stdio stdout still stop stopall
  stopped stopping storage storagecollection storagecontrollers storages store stp streak stream string subject
  subnet subscription subsystem subtype subvol succeeded successfully such sudo summary sun supermicro supplies
  supply supported supports sure suspend suspendall suspended suspending sw swap swappiness swaptotal swapused
  swarm switch switched sync synchronization syncjob sys syslog sysname sysrq system systemboardexhausttemp
  systemboardinlettemp systemctl systemd systems table tables tag tags tail take taken takes takesbackups tar
  target task tasks tcp technologies technology tell tells temp temperature temperatures template termproxy
  tesla test text tfa than that the their them themselves then there thermal thermalmetrics thermalsubsystem
  these they thin thinpool this those thp thread threads threat three threshold throttle throttled throttling
  through thu ticket time timed timeframe timeout timer timestamp timestamps timesyncd timezone timezonename
  title tls tmpfs to token tokens told too tool toolkit tools toshiba total transferred transport trigger trip
  trixie trouble true trusted try tsc tty tue tuning two tx type typefilter uap ubiquiti ubuntu udm udma udp ugw
  ui uid ulimits unable unauthorized unavail unavailable uncorrectable uncorrected undefined under undo
  unevictable unexpect unexpected unhealthy uni unifises unit units unix unknown unless unlock unlocks unmanaged unmount
  unnamed unpause unprivileged unprotected unreachable unreclaimable unrestricted unsafe unsuitable untag until unused
  up update updated updates upgradable upgrade upgraded upgrading upid uplink upload upper uptime uri url
  urlencoded urls usage usb use used user userfilter userid usermod usermode username userns users uses usg usr
  usw utf8 util utility utilization uts uuid uxg v1 v2 v3 value values var variant vbios vdev vdevs ve vendor
  verification verificationjob verified verify version versions veth vfat vfio vfs vg vga vgname video vids
  virtio virtual vista vital vlan vm vma vmdk vme vmgenid vmid vmname vms vmstate vmware vmx vncproxy vncshell
  vnd volatile volid voltage voltages volts volume volumecollection volumes vpn vram vzclone vzcreate
  vzdelsnapshot vzdestroy vzdump vzmigrate vzmount vzreboot vzrestore vzrollback vzshutdown vzsnapshot vzstart
  vzstop vztemplate vztmpl vzumount w2k w2k3 w2k8 wait wake wakeonlan wan wan1 wan2 want wants warn warning
  warnings was watchdog watched watts way ways wd wear wearout wed week weekly weeks weight well were western
  what where whether which while whole whose width wifi will win10 win11 win7 win8 windows wired wireguard
  wireless with within without wlan wlanconf wlans woken word words work worker working workingset works worst
  would wpa wpaeap wpapsk write writeback wrong wss wvista wwn www wxp x030000 x86 xcc xeon xfs xid xids xput
  xsave yaml year yes yml you zenpower zfs zfscreate zfspool zone zpool zst zstd
`);
