import type { CommandSpec } from '../command.ts'
import { peopleCommands } from './people.ts'
import { providerCommands } from './providers.ts'

const plugin: [string, string] = ['<name>', 'Name, as `veza plugin list` shows it']
const configKey: [string, string] = ['<key>', 'As http.port or site.title']

/** The commands of two words. */
export const groupCommands: CommandSpec[] = [
  ...peopleCommands,
  ...providerCommands,
  {
    name: 'plugin list',
    summary: 'Every plugin and its state',
    load: async () => ({ default: (await import('./plugin.ts')).list }),
  },
  {
    name: 'plugin add',
    summary: 'Check a plugin and put it into the data folder',
    args: [['<path>', 'Folder or .tgz of a built plugin']],
    load: async () => ({ default: (await import('./plugin.ts')).add }),
  },
  {
    name: 'plugin enable',
    summary: 'Switch a plugin on, at once and in every process',
    args: [plugin],
    load: async () => ({ default: (await import('./plugin.ts')).enable }),
  },
  {
    name: 'plugin disable',
    summary: 'Switch a plugin off, at once and in every process; its data stays',
    args: [plugin],
    load: async () => ({ default: (await import('./plugin.ts')).disable }),
  },
  {
    name: 'plugin remove',
    summary: 'Take an added plugin out of the data folder; its data stays',
    args: [plugin],
    load: async () => ({ default: (await import('./plugin.ts')).remove }),
  },
  {
    name: 'site list',
    summary: 'The sites of this appliance',
    load: async () => ({ default: (await import('./site.ts')).list }),
  },
  {
    name: 'site add',
    summary: 'Make another site: a label with its own data, address and plugins',
    args: [['<name>', 'Short name in lower case']],
    options: [['--url <url>', 'Public address, as https://second.example']],
    load: async () => ({ default: (await import('./site.ts')).add }),
  },
  {
    name: 'site address',
    summary: 'Change the public address of a site, as when it moves behind a proxy',
    args: [['<name>', 'Name, as `veza site list` shows it; the first one is `main`']],
    options: [['--url <url>', 'Public address, as https://label.example']],
    load: async () => ({ default: (await import('./site.ts')).setAddress }),
  },
  {
    name: 'site remove',
    summary: 'Take a site away; its data is moved to the trash',
    args: [['<name>', 'Name, as `veza site list` shows it']],
    options: [['--yes', 'Needed, so that it does not happen by accident']],
    load: async () => ({ default: (await import('./site.ts')).remove }),
  },
  {
    name: 'config check',
    summary: 'Tell whether the settings are right',
    load: async () => ({ default: (await import('./config.ts')).check }),
  },
  {
    name: 'config show',
    summary: 'Every setting: its value, where that comes from, and what it means',
    load: async () => ({ default: (await import('./config.ts')).show }),
  },
  {
    name: 'config get',
    summary: 'The value of one setting',
    args: [configKey],
    load: async () => ({ default: (await import('./config.ts')).get }),
  },
  {
    name: 'config set',
    summary: 'Change one setting',
    args: [configKey, ['<value>', 'Lists with commas between']],
    load: async () => ({ default: (await import('./config.ts')).set }),
  },
  {
    name: 'config example',
    summary: 'A config.yaml that lists every setting with its default',
    load: async () => ({ default: (await import('./config.ts')).example }),
  },
  {
    name: 'mail list',
    summary: 'Mails sent and held, newest first',
    load: async () => ({ default: (await import('./mail.ts')).list }),
  },
  {
    name: 'mail show',
    summary: 'One mail with its text',
    args: [['<id>', 'Id, as `veza mail list` shows it']],
    load: async () => ({ default: (await import('./mail.ts')).show }),
  },
]
