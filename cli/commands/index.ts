import type { CommandSpec } from '../command.ts'
import { careCommands } from './care-groups.ts'
import { groupCommands } from './groups.ts'

/** Every command of the core, in the order `--help` shows them. */
export const coreCommands: CommandSpec[] = [
  {
    name: 'init',
    summary: 'Make a data folder: the label’s address, name and owner',
    options: [
      ['--yes', 'Ask nothing; take the flags and the defaults'],
      ['--url <url>', 'Public address, as https://label.example'],
      ['--title <name>', 'The label’s name'],
      ['--admin-email <email>', 'The owner’s e-mail address'],
      ['--admin-password-file <file>', 'File that holds the owner’s password'],
    ],
    load: () => import('./init.ts'),
  },
  {
    name: 'start',
    summary: 'Run the server in the foreground',
    options: [['--roles <list>', 'What this process does: web,worker,ingest']],
    load: () => import('./start.ts'),
  },
  {
    name: 'status',
    summary: 'Streams, viewers, jobs, processor and disk of the running server',
    load: () => import('./status.ts'),
  },
  { name: 'stop', summary: 'Stop the running server in order', load: () => import('./stop.ts') },
  {
    name: 'doctor',
    summary: 'Look for what is wrong, and say what to do about it',
    load: () => import('./doctor.ts'),
  },
  ...groupCommands,
  ...careCommands,
  {
    name: 'migrate',
    summary: 'Bring the databases up to this version; `start` does it too',
    options: [['--dry-run', 'Only list what would be done']],
    load: () => import('./migrate.ts'),
  },
  {
    name: 'backup',
    summary: 'Write databases, settings, plugins and media into one archive, also while the server runs',
    args: [['[file]', 'Archive to write, as veza.tar.gz']],
    load: () => import('./backup.ts'),
  },
  {
    name: 'restore',
    summary: 'Check an archive and make a data folder of it',
    args: [['<file>', 'Archive made by `veza backup`']],
    options: [['--force', 'Move what is in the data folder aside']],
    load: () => import('./restore.ts'),
  },
  {
    name: 'logs',
    summary: 'Show the log',
    options: [
      ['-n, --lines <count>', 'How many of the last lines'],
      ['-f, --follow', 'Go on with what is written next'],
      ['--level <level>', 'Only this level and worse: debug, info, warn, error'],
    ],
    load: () => import('./logs.ts'),
  },
  { name: 'openapi', summary: 'Print the API’s description', load: () => import('./openapi.ts') },
]
