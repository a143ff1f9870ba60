import type { CommandSpec } from '../command.ts'

const filter: [string, string][] = [
  ['--action <beginning>', 'Only actions that begin so, as account. or session.began'],
  ['--who <who>', 'Username of who did it, or id of whom it was done to'],
  ['--from <time>', 'From then on, as 2026-01-31T12:00:00Z'],
  ['--to <time>', 'Up to then'],
]

/** The audit log, the keys, and what Veza is made of. */
export const careCommands: CommandSpec[] = [
  {
    name: 'audit list',
    summary: 'What was done, by whom; newest first',
    options: [...filter, ['--limit <count>', '50 unless said']],
    load: async () => ({ default: (await import('./audit.ts')).list }),
  },
  {
    name: 'audit verify',
    summary: 'Prove that no entry was changed, put in or taken out',
    load: async () => ({ default: (await import('./audit.ts')).verify }),
  },
  {
    name: 'audit export',
    summary: 'Write the log into a file, oldest first',
    args: [['<file>', 'As audit.csv or audit.jsonl']],
    options: [...filter, ['--format <format>', 'csv or jsonl; by the file’s ending unless said']],
    load: async () => ({ default: (await import('./audit.ts')).exportTo }),
  },
  {
    name: 'key list',
    summary: 'The keys in use by name; never the keys themselves',
    load: async () => ({ default: (await import('./key.ts')).list }),
  },
  {
    name: 'key rotate',
    summary: 'Make a new key and seal every stored secret of every site with it, also while the server runs',
    options: [['--tokens', 'Only a new key for access tokens of the site']],
    load: async () => ({ default: (await import('./key.ts')).rotate }),
  },
  {
    name: 'sbom',
    summary: 'The packages Veza runs with, as CycloneDX',
    options: [['--text', 'A table of packages and licences']],
    load: () => import('./sbom.ts'),
  },
]
