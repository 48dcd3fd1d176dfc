/** How one vendor's answers are read: which keys hold names that the lab gave, and which values are known words. */
export interface Rules {
  /** Keys (by `plainKey`) of names, users, hosts and domains. */
  readonly names: ReadonlySet<string>;
  /** Values that pass as they are, by key or `<parent>.<key>`, and are no names even there. */
  readonly passes: Readonly<Record<string, RegExp>>;
  /** Of those keys the `<parent>.<key>` that hold words of the system after all; `[]` after what is a list. */
  readonly words: ReadonlySet<string>;
  /** Keys (lower-case) of objects whose own keys are names. */
  readonly maps: ReadonlySet<string>;
  /** Of these objects each value may be anything: what is not known is dropped. */
  readonly labels: ReadonlySet<string>;
}

/** Whatever the vendor: secrets, what may hold some, and where in the world it is, which numbers tell as well. */
export const SECRET =
  /pass(word|wd|phrase)?$|secret|token$|ticket|credential|cookie|authorization|private.?key|api.?key|csrf|ssh.?keys?|keydata|^env$|^environ(ment)?(variables?)?$|^cmd$|entrypoint|^args$|^cicustom$|^ciuser$|cloud.?init|user.?data|community|^otp|^pem$|^cert$|signature|kubeconfig|webhook|psk|^x_|^geo|^lat(itude)?$|^l(o?ng|on)(itude)?$|^asn$|[_-]keys?$/i;
/** Whatever the vendor: what people wrote down. */
export const NOTE =
  /^(description|desc|notes?|comments?|remarks?|author|location|contact|annotation|postaladdress)$/i;
/** Serials and their like: never a word, whatever it looks like. */
export const NUMBER = /serial|wwn|wwid|^sku$|service.?tag|asset.?tag|^uuid$|durablename|^eui|nodeid/i;
/** Numbers in quotes. */
export const COUNT = /bytes|size|total|used|free|mem|time|seen|count|rate|speed|max|min|limit|interval/i;
/** What firmware writes there where nobody filled it in. */
export const PLACEHOLDER =
  /^(\(?none\)?|null|\[?n\/?a\]?|\[no data\]|empty|unknown|default( string)?|to be filled by o\.?e\.?m\.?|not (specified|set|available|applicable|present|provided)|(system |chassis |base board )?serial number|0?123456789?|qm\d{5}|drive-[a-z]+\d+|(?<one>.)\k<one>*)$/i;
/** Makers, models and versions. */
export const PRODUCT =
  /^(model(name)?|vendor(_name)?|manufacturer|.*version|release|product(name)?|part(number)?|.*firmware.*|bios.*|operatingsystem|pretty-name|kernel.*|cpumodel|device_name|subsystem_(device|vendor)_name)$/i;

const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Keys are compared without what joins their words: `host-name`, `host_name` and `HostName` are one. */
export const plainKey = (key: string): string => key.toLowerCase().replaceAll(/[-_]/g, '');

const names = (text: string): ReadonlySet<string> => new Set([...set(text)].map(plainKey));

const COMMON = {
  names: `name names hostname host node nodename storage pool poolid vmname guest user userid username owner domain fqdn
    search sid group groups target ns namespace store datastore server export share mountpoint tags tag volume remote
    realm cluster alias backup-id created-by updated-by admin-name`,
};

const PROXMOX: Rules = {
  names: names(`${COMMON.names} vgname thinpool vg lv dataset zpool tokenid owner-id`),
  passes: {
    // Snapshots have a row for now; pools have rows for how they are built.
    name: /^(current|mirror|raidz[123]?|draid\S*|spares?|replacing|logs|cache|special|dedup)(-\d+)?$/,
    realm: /^(pam|pve|pbs)$/,
    // Of a guest.
    'backup-id': /^\d{1,9}$/,
    filename: /^pve(proxy-ssl|-ssl|-root-ca)\.pem$/,
  },
  words: set('result.name result[].name attributes[].name children[].name'),
  maps: set(''),
  labels: set(''),
};

const DOCKER: Rules = {
  names:
    names(`${COMMON.names} hostname domainname networkmode com.docker.compose.project com.docker.compose.service
    com.docker.swarm.service.name com.docker.stack.namespace`),
  passes: {
    'restartpolicy.name': /^(no|always|unless-stopped|on-failure|)$/,
    networkmode: /^(bridge|host|none|default)$/,
    name: /^(bridge|host|none)$/,
  },
  words: set('components[].name graphdriver.name'),
  maps: set('networks labels volumes attributes options'),
  labels: set('labels attributes'),
};

const REDFISH: Rules = {
  names:
    names(`hostname hostingserver fqdn domainname username user owner assettag lcdlocaluserstring userdefinedstring
    systemlcd nodename nodeid sku servicetag chassisservicetag expressservicecode`),
  passes: {
    '@odata.type': /^#[A-Za-z0-9._]{1,100}$/,
    messageid: /^[A-Za-z0-9.]{1,60}$/,
  },
  words: set(''),
  maps: set(''),
  labels: set(''),
};

const OTHER: Rules = {
  names: names(
    `${COMMON.names} mdns essid ssid network device-name site-name display-name uplink-device-name`,
  ),
  passes: { name: /^(default|cpu|local|phy|wan\d?|lan\d?|port \d{1,2}|sfp\+? ?\d{0,2})$/i },
  words: set(''),
  maps: set(''),
  labels: set(''),
};

/** Exporters: what a card is called, its maker said. */
const GPU: Rules = {
  names: names('hostname host nodename instance pod container namespace user username'),
  passes: {},
  words: set(''),
  maps: set(''),
  labels: set(''),
};

const PULSE: Rules = {
  names: names(`${COMMON.names} resource-name node-display-name instance container-id ack-user`),
  passes: {},
  words: set(''),
  maps: set(''),
  labels: set(''),
};

const RULES: Readonly<Record<string, Rules>> = {
  proxmox: PROXMOX,
  pbs: PROXMOX,
  docker: DOCKER,
  redfish: REDFISH,
  gpu: GPU,
  pulse: PULSE,
};

/** @param source as in `proxmox/home` */
export const rulesOf = (source: string): Rules => RULES[source] ?? OTHER;
