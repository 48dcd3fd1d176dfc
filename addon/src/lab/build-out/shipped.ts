// Made from recipes/build-out.yaml by npm run generate.
import type { BuildOut } from '../../contract/build-out.ts';

export const BUILD_OUT: BuildOut = JSON.parse(
  '{"phases":[{"id":"foundation","title":"Foundation","items":[{"id":"server","title":"Server up, its specs known","check":{"any":[{"kind":"server","readings":{"on":true,"cpus":{"known":true},"memory":{"known":true}}},{"kind":"node","facts":{"model":"*"},"readings":{"memory_total":{"known":true},"disk_total":{"known":true}}}]},"todo":"Switch the server on, and add its management controller (redfish) to the options.","action":{"id":"server_on"}},{"id":"hypervisor","title":"Proxmox VE","check":{"kind":"node","source":"proxmox","readings":{"version":{"known":true}}},"todo":"Install Proxmox VE on the server, and add it (proxmox) to the options."},{"id":"zfs","title":"ZFS pool","check":{"kind":"pool","readings":{"health":"online"}},"todo":"Create a pool of at least two disks that the controller passes on as they are (HBA mode)."},{"id":"network","title":"Basic network","check":{"any":[{"kind":"gateway","readings":{"internet":true}},{"kind":"node","readings":{"links":{"some":{"type":"bridge","up":true,"address":{"known":true}}}}}]},"todo":"Connect a network card of the server, and give the bridge of Proxmox VE an address."}]},{"id":"core","title":"Core services","items":[{"id":"pulse","title":"Pulse","check":{"any":[{"kind":"monitor","source":"pulse","in":{"kind":"guest","facts":{"model":"Container (LXC)"}}},{"kind":"guest","name":"*pulse*","facts":{"model":"Container (LXC)"},"readings":{"on":true}},{"kind":"container","readings":{"image":"*rcourtman/pulse*","on":true}},{"kind":"monitor","source":"pulse","readings":{"alerts":{"least":0}}}]},"todo":"Create a system container for Pulse (1 vCPU, 1 GB), and add its address on port 7655 (pulse) to the options.","action":{"id":"deploy_recipe","input":{"recipe":"pulse"},"on":"node"}},{"id":"docker_host","title":"Docker host in a VM","check":{"kind":"host","source":"docker","in":{"kind":"guest","facts":{"model":"Virtual machine"}}},"todo":"Create a virtual machine with Debian 12 (4 vCPU, 8 to 16 GB), install Docker in it, and add it (docker) to the options; the option “guest” says which virtual machine it is where Labkeeper does not find out.","action":{"id":"deploy_recipe","input":{"recipe":"docker_host"},"on":"node"}},{"id":"portainer","title":"Portainer","check":{"kind":"container","readings":{"image":"*portainer/portainer-*","on":true}},"todo":"Run Portainer on the Docker host.","action":{"id":"deploy_recipe","input":{"recipe":"portainer"},"on":"host"}},{"id":"home_assistant","title":"Home Assistant in a VM","check":{"any":[{"kind":"guest","facts":{"model":"Virtual machine"},"readings":{"os":"Home Assistant OS*","on":true}},{"kind":"guest","name":["*home*assistant*","haos*"],"facts":{"model":"Virtual machine"},"readings":{"on":true}}]},"todo":"Create a virtual machine with Home Assistant OS (2 vCPU, 4 GB).","action":{"id":"deploy_recipe","input":{"recipe":"home_assistant"},"on":"node"}}]},{"id":"ai","title":"AI","items":[{"id":"gpu","title":"Graphics card","check":{"any":[{"kind":"gpu"},{"kind":"node","readings":{"cards":{"some":{"device":["10de:*","1002:*"]}}}}]},"todo":"Put a graphics card into the server, or into a chassis beside it."},{"id":"passthrough","title":"Passthrough","check":{"any":[{"kind":"gpu","readings":{"passed_through":"yes"}},{"kind":"guest","facts":{"model":"Virtual machine"},"links":{"uses_gpu":{"kind":"gpu"}}}]},"todo":"Pass the card through to the Docker host (“Attach GPU”, when it has a mapping), and add it (gpu) to the options."},{"id":"chatterbox","title":"Chatterbox","check":{"any":[{"kind":"container","readings":{"image":"*chatterbox*","on":true}},{"kind":"container","name":"*chatterbox*","readings":{"on":true}}]},"todo":"Run Chatterbox on the Docker host, with the graphics card.","action":{"id":"deploy_recipe","input":{"recipe":"chatterbox"},"on":"host"}},{"id":"mcp","title":"MCP servers","check":{"any":[{"kind":"mcpserver","readings":{"protocol":{"known":true}}},{"kind":"container","name":["mcp-*","*-mcp","*-mcp-*"],"readings":{"on":true}}]},"todo":"Run a server of the Model Context Protocol on the Docker host, and add it (mcp) to the options.","action":{"id":"deploy_recipe","input":{"recipe":"mcp_server"},"on":"host"}}]},{"id":"integration","title":"Integration","items":[{"id":"unifi_mcp","title":"MCP server for UniFi","check":{"any":[{"kind":"mcpserver","name":"*unifi*","readings":{"protocol":{"known":true}}},{"kind":"mcpserver","readings":{"protocol":{"known":true},"server":"*unifi*"}},{"kind":"container","name":["*mcp*unifi*","*unifi*mcp*"],"readings":{"on":true}}]},"todo":"Run the MCP server for UniFi on the Docker host, and add it (mcp) to the options.","action":{"id":"deploy_recipe","input":{"recipe":"mcp_server"},"on":"host"}},{"id":"scpi_mcp","title":"MCP server for SCPI","check":{"any":[{"kind":"mcpserver","name":"*scpi*","readings":{"protocol":{"known":true}}},{"kind":"mcpserver","readings":{"protocol":{"known":true},"server":"*scpi*"}},{"kind":"container","name":["*mcp*scpi*","*scpi*mcp*"],"readings":{"on":true}}]},"todo":"Run the MCP server for SCPI on the Docker host, and add it (mcp) to the options.","action":{"id":"deploy_recipe","input":{"recipe":"mcp_server"},"on":"host"}},{"id":"vlans","title":"VLANs for management, servers, IoT and lab","check":{"all":[{"kind":"network","name":["management*","mgmt*"],"readings":{"vlan":{"known":true}}},{"kind":"network","name":"server*","readings":{"vlan":{"known":true}}},{"kind":"network","name":["iot*","internet of things*"],"readings":{"vlan":{"known":true}}},{"kind":"network","name":"lab*","readings":{"vlan":{"known":true}}}]},"todo":"Create the networks that are missing in the UniFi controller, each with a VLAN of its own.","action":{"id":"deploy_recipe","input":{"recipe":"vlans"},"on":"site"}},{"id":"dream_machine","title":"Dream Machine","check":{"kind":"gateway","facts":{"model":["UDM*","UDR*","UDW*"]},"readings":{"connected":true}},"todo":"Replace gateway and CloudKey by a Dream Machine, and change the address of the controller (unifi) in the options: what was there keeps its entities."}]}]}',
);

export const BUILD_OUT_FILE = `# What the lab is to become, in phases. Labkeeper looks at the lab and tells how far it is: nobody ticks anything.
#
# To have it otherwise, copy this file to the folder “recipes” in Labkeeper's folder of configuration (as an app
# /config/recipes/build-out.yaml), change it there, and start Labkeeper again. “phases: []” is none at all.
#
# check: what has to be so. Either things of the lab (a kind, and what is to be so of one of them), or “all” or “any”
#        of several checks. Kinds, readings and facts are those of /api/lab; in names and texts * is anything.
# todo:  what a person does about it, as long as it is not so.
phases:
  - id: foundation
    title: Foundation
    items:
      - id: server
        title: Server up, its specs known
        check:
          any:
            - kind: server
              readings: { on: true, cpus: { known: true }, memory: { known: true } }
            # A machine without a management controller: what its node tells of it.
            - kind: node
              facts: { model: '*' }
              readings: { memory_total: { known: true }, disk_total: { known: true } }
        todo: Switch the server on, and add its management controller (redfish) to the options.
        action: { id: server_on }
      - id: hypervisor
        title: Proxmox VE
        check:
          kind: node
          source: proxmox
          readings: { version: { known: true } }
        todo: Install Proxmox VE on the server, and add it (proxmox) to the options.
      - id: zfs
        title: ZFS pool
        check:
          kind: pool
          readings: { health: online }
        todo: Create a pool of at least two disks that the controller passes on as they are (HBA mode).
      - id: network
        title: Basic network
        check:
          any:
            - kind: gateway
              readings: { internet: true }
            - kind: node
              readings: { links: { some: { type: bridge, up: true, address: { known: true } } } }
        todo: Connect a network card of the server, and give the bridge of Proxmox VE an address.

  - id: core
    title: Core services
    items:
      - id: pulse
        title: Pulse
        check:
          any:
            - kind: monitor
              source: pulse
              in: { kind: guest, facts: { model: Container (LXC) } }
            - kind: guest
              name: '*pulse*'
              facts: { model: Container (LXC) }
              readings: { on: true }
            - kind: container
              readings: { image: '*rcourtman/pulse*', on: true }
            # Wherever it runs: it answers.
            - kind: monitor
              source: pulse
              readings: { alerts: { least: 0 } }
        todo: Create a system container for Pulse (1 vCPU, 1 GB), and add its address on port 7655 (pulse) to the options.
        action: { id: deploy_recipe, input: { recipe: pulse }, on: node }
      - id: docker_host
        title: Docker host in a VM
        check:
          kind: host
          source: docker
          in: { kind: guest, facts: { model: Virtual machine } }
        todo: >-
          Create a virtual machine with Debian 12 (4 vCPU, 8 to 16 GB), install Docker in it, and add it (docker) to the
          options; the option “guest” says which virtual machine it is where Labkeeper does not find out.
        action: { id: deploy_recipe, input: { recipe: docker_host }, on: node }
      - id: portainer
        title: Portainer
        check:
          kind: container
          readings: { image: '*portainer/portainer-*', on: true }
        todo: Run Portainer on the Docker host.
        action: { id: deploy_recipe, input: { recipe: portainer }, on: host }
      - id: home_assistant
        title: Home Assistant in a VM
        check:
          any:
            - kind: guest
              facts: { model: Virtual machine }
              readings: { os: 'Home Assistant OS*', on: true }
            - kind: guest
              name: ['*home*assistant*', 'haos*']
              facts: { model: Virtual machine }
              readings: { on: true }
        todo: Create a virtual machine with Home Assistant OS (2 vCPU, 4 GB).
        action: { id: deploy_recipe, input: { recipe: home_assistant }, on: node }

  - id: ai
    title: AI
    items:
      - id: gpu
        title: Graphics card
        check:
          any:
            - kind: gpu
            # Of NVIDIA or AMD: others are the server's own console.
            - kind: node
              readings: { cards: { some: { device: ['10de:*', '1002:*'] } } }
        todo: Put a graphics card into the server, or into a chassis beside it.
      - id: passthrough
        title: Passthrough
        check:
          any:
            - kind: gpu
              readings: { passed_through: 'yes' }
            - kind: guest
              facts: { model: Virtual machine }
              links: { uses_gpu: { kind: gpu } }
        todo: Pass the card through to the Docker host (“Attach GPU”, when it has a mapping), and add it (gpu) to the options.
      - id: chatterbox
        title: Chatterbox
        check:
          any:
            - kind: container
              readings: { image: '*chatterbox*', on: true }
            - kind: container
              name: '*chatterbox*'
              readings: { on: true }
        todo: Run Chatterbox on the Docker host, with the graphics card.
        action: { id: deploy_recipe, input: { recipe: chatterbox }, on: host }
      - id: mcp
        title: MCP servers
        check:
          any:
            - kind: mcpserver
              readings: { protocol: { known: true } }
            - kind: container
              name: ['mcp-*', '*-mcp', '*-mcp-*']
              readings: { on: true }
        todo: Run a server of the Model Context Protocol on the Docker host, and add it (mcp) to the options.
        action: { id: deploy_recipe, input: { recipe: mcp_server }, on: host }

  - id: integration
    title: Integration
    items:
      - id: unifi_mcp
        title: MCP server for UniFi
        check:
          any:
            - kind: mcpserver
              name: '*unifi*'
              readings: { protocol: { known: true } }
            - kind: mcpserver
              readings: { protocol: { known: true }, server: '*unifi*' }
            - kind: container
              name: ['*mcp*unifi*', '*unifi*mcp*']
              readings: { on: true }
        todo: Run the MCP server for UniFi on the Docker host, and add it (mcp) to the options.
        action: { id: deploy_recipe, input: { recipe: mcp_server }, on: host }
      - id: scpi_mcp
        title: MCP server for SCPI
        check:
          any:
            - kind: mcpserver
              name: '*scpi*'
              readings: { protocol: { known: true } }
            - kind: mcpserver
              readings: { protocol: { known: true }, server: '*scpi*' }
            - kind: container
              name: ['*mcp*scpi*', '*scpi*mcp*']
              readings: { on: true }
        todo: Run the MCP server for SCPI on the Docker host, and add it (mcp) to the options.
        action: { id: deploy_recipe, input: { recipe: mcp_server }, on: host }
      - id: vlans
        title: VLANs for management, servers, IoT and lab
        check:
          all:
            - { kind: network, name: ['management*', 'mgmt*'], readings: { vlan: { known: true } } }
            - { kind: network, name: 'server*', readings: { vlan: { known: true } } }
            - { kind: network, name: ['iot*', 'internet of things*'], readings: { vlan: { known: true } } }
            - { kind: network, name: 'lab*', readings: { vlan: { known: true } } }
        todo: Create the networks that are missing in the UniFi controller, each with a VLAN of its own.
        action: { id: deploy_recipe, input: { recipe: vlans }, on: site }
      - id: dream_machine
        title: Dream Machine
        check:
          kind: gateway
          facts: { model: ['UDM*', 'UDR*', 'UDW*'] }
          readings: { connected: true }
        todo: >-
          Replace gateway and CloudKey by a Dream Machine, and change the address of the controller (unifi) in the options:
          what was there keeps its entities.
`;
