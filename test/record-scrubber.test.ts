import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { JsonScrubber } from '../addon/src/record/json.ts';
import { learnText, scrubAnswer, scrubPath } from '../addon/src/record/messages.ts';
import { rulesOf } from '../addon/src/record/rules.ts';
import { Scrubber } from '../addon/src/record/scrubber.ts';

/** A scrubber that knows these names. */
function knowing(...names: readonly string[]): Scrubber {
  const scrubber = new Scrubber();
  for (const name of names) scrubber.learn(name);
  return scrubber;
}

const V4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const bits = (address: string): string =>
  address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
/** How many leading bits two addresses share. */
const shared = (a: string, b: string): number => {
  const [x, y] = [bits(a), bits(b)];
  const index = [...x].findIndex((bit, at) => bit !== y[at]);
  return index < 0 ? 32 : index;
};

suite('words', () => {
  test('become the same in every case and wherever they stand', () => {
    const scrubber = knowing('gartenlaube');
    const made = scrubber.text('gartenlaube', 'name');
    assert.match(made, /^x[a-z]+$/);
    assert.equal(scrubber.text('GARTENLAUBE'), made.toUpperCase());
    assert.equal(scrubber.text('Gartenlaube'), (made[0] as string).toUpperCase() + made.slice(1));
    assert.equal(scrubber.text('/gartenlaube-1/gartenlaube.lan:8080').split(made).length, 3);
    assert.notEqual(scrubber.text('gartenlaub'), made);
    assert.notEqual(knowing().text('rosenkohl'), knowing().text('erbsen').replace(/./g, ''));
  });

  test('pass only if the interfaces use them', () => {
    const scrubber = knowing();
    for (const kept of [
      'running',
      'permission check failed',
      'virtio-scsi-single',
      'unless-stopped',
      'scrub repaired 0B in 00:21:37 with 0 errors on Sun Dec 14 00:45:38 2025',
      'order=1,up=60',
      'creation-qemu=10.1.2,ctime=1795512840',
      'enp1s0f0 sda1 nvme0n1 vmbr0 eth0',
      'Disk.Bay.0:Enclosure.Internal.0-1:RAID.Integrated.1-1',
      '2026-01-01T10:00:00.123Z',
      '0000:3b:00.0 0000:3b:00 0x10de 32G 512M 80/tcp',
    ]) {
      assert.equal(scrubber.text(kept), kept);
    }
    for (const [given, left] of [
      ['Hannelores Laube', /hannelore|laube/i],
      ['häuschen', /h|uschen/],
      ['🏠 家', /🏠|家/u],
      ['c2VzYW0tb2VmZm5lLWRpY2g=', /[A-Z0-9]{3}/],
      ['73657361', /73657361/],
      ['%67%61rten', /rten/],
      ['04371998877', /04371998877/],
    ] as const) {
      assert.doesNotMatch(scrubber.text(given), left, given);
    }
  });

  test('that only look like the interfaces’ own go where the lab has such names', () => {
    const looks = 'node1 clusterDisk disk2 32g 0x1f';
    assert.equal(knowing().text(looks), looks);
    assert.doesNotMatch(
      knowing('node1', 'clusterdisk', 'disk2', '32g').text(looks),
      /node1|cluster|disk2|32g/i,
    );
  });

  test('that are parts of names stay where the interface uses them, and go where names stand', () => {
    const scrubber = knowing('backup', 'docker-host', 'local-zfs');
    const [store, guest] = [scrubber.text('backup', 'name'), scrubber.text('docker-host', 'name')];
    assert.doesNotMatch(`${store} ${guest}`, /backup|docker/);
    assert.equal(scrubber.text('vzdump backup of docker containers'), 'vzdump backup of docker containers');
    assert.equal(
      scrubber.text('backup:backup/vzdump-qemu-101.vma.zst'),
      `${store}:backup/vzdump-qemu-101.vma.zst`,
    );
    assert.equal(scrubber.text('VM Name: docker-host'), `VM Name: ${guest}`);
    assert.equal(scrubber.text('storage/backup/backup'), `storage/${store}/${store}`);
    assert.equal(scrubber.text('none,storage=backup'), `none,storage=${store}`);
    assert.equal(scrubber.text('https://backup/docker'), `https://${store}/docker`);
    assert.equal(scrubber.text('local-zfs:vm-101-disk-0,size=32G'), 'local-zfs:vm-101-disk-0,size=32G');
    assert.doesNotMatch(scrubber.text('backup@pve!docker'), /backup|docker/);
  });
});

suite('addresses', () => {
  const scrubber = knowing();
  test('keep who shares a subnet with whom, and whether they are private', () => {
    const given = [
      '10.0.20.10',
      '10.0.20.20',
      '10.0.21.5',
      '10.9.0.1',
      '192.168.1.5',
      '172.20.3.4',
      '8.8.8.8',
    ];
    const made = given.map((address) => scrubber.text(address));
    for (const [index, address] of made.entries()) {
      assert.match(address, V4);
      assert.notEqual(address, given[index]);
      for (const [other, second] of made.entries()) {
        const before = shared(given[index] as string, given[other] as string);
        if (given[index]?.startsWith('10.') && given[other]?.startsWith('10.'))
          assert.equal(shared(address, second), before, `${address} ${second}`);
      }
    }
    assert.deepEqual(
      made.slice(3, 6).map((address) => address.split('.')[0]),
      ['10', '192', '172'],
    );
    assert.equal(Number(made[6]?.split('.')[0]) >> 4, 15, 'public ones become nobody’s');
    assert.equal(new Set(made).size, made.length);
  });

  test('that belong to nobody stay', () => {
    for (const kept of ['127.0.0.1', '0.0.0.0', '255.255.255.0', '::1', '::', '172.17.0.1'])
      assert.equal(scrubber.text(kept), kept);
  });

  test('are found in every spelling', () => {
    const made = scrubber.text('10.0.20.10');
    assert.equal(scrubber.text('ip-10-0-20-10'), `ip-${made.replaceAll('.', '-')}`);
    assert.equal(scrubber.text('http://10.0.20.10:8006/x').split('/')[2], `${made}:8006`);
    assert.equal(scrubber.text('::ffff:10.0.20.10').endsWith(`:${made}`), true);
    assert.equal(scrubber.text('10.0.20.10/24'), `${made}/24`);
    const [network] = scrubber.text('10.0.20.0/24').split('/');
    assert.equal(
      shared(network as string, made) >= 24 && network?.endsWith('.0'),
      true,
      'a network stays one',
    );
    const six = scrubber.text('fd42:77:1::5/64');
    assert.match(six, /^fd[0-9a-f:]+\/64$/);
    assert.doesNotMatch(six, /42:77/);
    assert.equal(scrubber.text('FD42:77:1::5').toLowerCase(), six.split('/')[0]);
    assert.doesNotMatch(scrubber.text('fe80::be24:11ff:fe89:6707/64'), /be24|11ff|fe89|6707|x/);
    assert.match(scrubber.text('fe80::be24:11ff:fe7a:5ec3%eth0'), /^fe80::(?!be24)[0-9a-f:]+%eth0$/);
  });

  test('of cards keep their maker, in every spelling', () => {
    const cards = knowing();
    cards.learnMac('bc:24:11:7a:5e:c3');
    const made = cards.text('bc:24:11:7a:5e:c3');
    assert.match(made, /^bc:24:11:(?!7a:5e:c3)/);
    assert.equal(cards.text('BC-24-11-7A-5E-C3'), made.toUpperCase().replaceAll(':', '-'));
    assert.equal(cards.text('bc24117a5ec3'), made.replaceAll(':', ''));
    assert.equal(cards.text('bc24.117a.5ec3').replaceAll('.', ''), made.replaceAll(':', ''));
    assert.equal(cards.text('00:00:00:00:00:00'), '00:00:00:00:00:00');
  });
});

suite('numbers', () => {
  const scrubber = knowing();
  test('that are one stay one, however they are written', () => {
    const uuid = scrubber.text('4c4c4544-0051-4b10-8031-b7c04f5834aa');
    assert.match(uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(scrubber.text('4C4C4544-0051-4B10-8031-B7C04F5834AA'), uuid.toUpperCase());
    assert.equal(scrubber.text('4c4c454400514b108031b7c04f5834aa'), uuid.replaceAll('-', ''));
    const wwn = scrubber.text('0x5000c500dec0de42').slice(2);
    assert.equal(scrubber.text('naa.5000C500DEC0DE42'), `naa.${wwn.toUpperCase()}`);
    assert.equal(scrubber.text('50:00:c5:00:de:c0:de:42'), wwn.replace(/(..)(?=.)/g, '$1:'));
    const id = scrubber.text(`sha256:${'1b7096c1edb0c2e0'.repeat(4)}`);
    assert.equal(id.length, 71);
    assert.equal(
      scrubber.text('1b7096c1edb0'),
      id.slice(7, 19),
      'Docker’s short id is the beginning of the long one',
    );
  });

  test('of a lab’s things are none that stay', () => {
    const json = new JsonScrubber(rulesOf('proxmox'), scrubber);
    const value = { serial: '12345', more: 'S/N 12345 of 1234 things' };
    json.learn(value);
    assert.doesNotMatch(JSON.stringify(json.scrub(value)), /12345/);
    assert.match(JSON.stringify(json.scrub(value)), /1234 x/);
  });

  test('of tasks keep their times and types', () => {
    const upid = 'UPID:gartenlaube:0016FA2C:12DEE328:6AFFA9A0:vzdump:101:hannelore@pam!laube:';
    assert.match(scrubber.text(upid), /^UPID:x\w+:0016FA2C:12DEE328:6AFFA9A0:vzdump:101:x\w+@pam!x\w+:$/);
  });
});

suite('answers', () => {
  const answerOf = (source: string, value: unknown): string => {
    const scrubber = new Scrubber();
    const json = new JsonScrubber(rulesOf(source), scrubber);
    json.learn(value);
    return JSON.stringify(json.scrub(value));
  };

  test('lose secrets, whatever they look like', () => {
    const text = answerOf('docker', {
      Config: {
        Env: ['running=online'],
        Cmd: ['backup', 'online'],
        Labels: { 'traefik.secret.user': 'online', 'com.docker.compose.oneoff': 'False' },
      },
      Password: 'online',
      x_wpa_psk: 'online',
      portainer_key: 'online',
      api_key: 'online',
      AuthToken: 'online',
      Secret: { Value: 'online' },
      longitude: 11.19,
      lat: 54.44,
      geo_info: { WAN: { city: 'online' } },
    });
    assert.doesNotMatch(text, /online|traefik|11\.19|54\.44/);
    assert.match(text, /"com\.docker\.compose\.oneoff":"False"/);
    const config = answerOf('proxmox', {
      data: [
        { key: 'cipassword', value: 'online' },
        { key: 'sshkeys', value: 'online' },
        { key: 'description', value: 'online' },
        { key: 'name', value: 'online' },
        { key: 'onboot', value: 1 },
      ],
    });
    assert.doesNotMatch(config, /online/);
    assert.match(config, /"onboot","value":1/);
  });

  test('keep words where a name is none', () => {
    const text = answerOf('proxmox', {
      data: [
        { name: 'current', description: 'You are here!' },
        { name: 'sshd', service: 'sshd', state: 'running' },
        { name: 'gartenlaube', status: 'running', type: 'qemu', content: 'images,rootdir', realm: 'pam' },
      ],
    });
    const [current, service, guest] = JSON.parse(text).data;
    assert.deepEqual(current, { name: 'current', description: '' });
    assert.deepEqual(service, { name: 'sshd', service: 'sshd', state: 'running' });
    assert.match(guest.name, /^x/);
    assert.deepEqual(
      [guest.status, guest.type, guest.content, guest.realm],
      ['running', 'qemu', 'images,rootdir', 'pam'],
    );
  });

  test('lose keys that are names, and those that nobody knows', () => {
    const text = answerOf('docker', {
      NetworkSettings: { Networks: { gartenlaube_default: { IPAddress: '172.18.0.2' } }, gartenlaube: 1 },
    });
    assert.match(text, /^\{"NetworkSettings":\{"Networks":\{"x\w+_default":\{"IPAddress":"172\./);
    assert.doesNotMatch(text, /garten/);
  });

  test('know models and versions', () => {
    const text = answerOf('redfish', {
      Model: 'PowerEdge R640',
      Manufacturer: 'Dell Inc.',
      FirmwareVersion: '7.00.00.171',
      SerialNumber: '7QK1XZZ',
      AssetTag: 'To be filled by O.E.M.',
      PartNumber: 'Hannelores Karte',
      EnvironmentMetrics: { '@odata.id': '/redfish/v1/Chassis/System.Embedded.1/EnvironmentMetrics' },
    });
    assert.match(text, /"@odata.id":"\/redfish\/v1\/Chassis\/System\.Embedded\.1\/EnvironmentMetrics"/);
    assert.match(text, /"PowerEdge R640"/);
    assert.match(text, /"7\.00\.00\.171"/);
    assert.match(text, /"To be filled by O\.E\.M\."/);
    assert.doesNotMatch(text, /7QK1XZZ|hannelore/i);
  });

  test('that are lines of numbers keep the numbers', () => {
    const scrubber = knowing();
    const json = new JsonScrubber(rulesOf('gpu'), scrubber);
    const labels = 'nodename="docker",Hostname="docker-host",serial="[N/A]",release="6.1.0"';
    const body = `# HELP x Laube\nnode_load1 0.5\nnode_name_info{${labels}} 1\n`;
    learnText(body, json);
    const { text } = scrubAnswer(
      { status: 200, statusText: '', headers: {}, body },
      undefined,
      json,
      scrubber,
    );
    assert.match(
      text ?? '',
      /^node_load1 0\.5\nnode_name_info\{\w+="x\w+",Hostname="x\w+-host",serial="\[N\/A\]",release="6\.1\.0"\} 1$/,
    );
    const page = { status: 200, statusText: '', headers: {}, body: '<html>Gartenlaube</html>' };
    assert.deepEqual(scrubAnswer(page, undefined, json, scrubber), {
      status: 200,
      headers: {},
      left_out: 24,
    });
  });

  test('keep of headers what programs go by, and of cookies that there were some', () => {
    const scrubber = knowing('gartenlaube');
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'set-cookie': ['unifises=sesam; Path=/', 'gartenlaube=sesam'],
      'x-auth-token': 'sesam',
      server: 'gartenlaube',
      location: '/redfish/v1/SessionService/Sessions/7',
    };
    const { headers: kept } = scrubAnswer(
      { status: 201, statusText: 'Created by gartenlaube', headers, body: '' },
      undefined,
      new JsonScrubber(rulesOf('redfish'), scrubber),
      scrubber,
    );
    assert.deepEqual(kept, {
      'content-type': 'application/json',
      location: '/redfish/v1/SessionService/Sessions/7',
      'x-auth-token': 'dropped',
      'set-cookie': ['unifises=dropped', 'cookie=dropped'],
    });
  });
});

test('a path keeps its words, not its names', () => {
  const scrubber = knowing('status', 'storage');
  const [node, store] = [scrubber.text('status', 'name'), scrubber.text('storage', 'name')];
  assert.equal(
    scrubPath('/api2/json/nodes/status/storage/storage/content?content=backup&storage=storage', scrubber),
    `/api2/json/nodes/${node}/storage/${store}/content?content=backup&storage=${store}`,
  );
  assert.equal(
    scrubPath('/api2/json/nodes/status/qemu/101/status/current', scrubber),
    `/api2/json/nodes/${node}/qemu/101/status/current`,
  );
  assert.match(
    scrubPath('/containers/b%C3%BCro/json?all=true', scrubber),
    /^\/containers\/x\w+\/json\?all=true$/,
  );
});
