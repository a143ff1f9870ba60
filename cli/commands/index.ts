import type { CommandSpec } from '../command.ts'

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
]
