import type { CommandSpec } from '../command.ts'

type Option = [flags: string, help: string]

const login: Option = ['<login>', 'E-mail address or username']
const roleName: Option = ['<name>', 'Name, as `veza role list` shows it']
const permissions: Option = ['<permissions...>', 'Names, as `veza role show owner` shows them']
const network: Option = ['<network>', 'As 192.0.2.7 or 2001:db8::/32']
const yes: Option = ['--yes', 'Needed, so that it does not happen by accident']
const reason: Option = ['--reason <text>', 'Why; who is kept out reads it when signing in']
const minutes: Option = ['--minutes <count>', 'How long; until it is lifted unless said']
const passwordFile: Option = [
  '--password-file <file>',
  'File that holds the password; made and shown once otherwise',
]
const mail: Option = ['--mail', 'Mail a link to choose the password instead']

/** Accounts, roles, invitations, sessions and banned addresses. */
export const peopleCommands: CommandSpec[] = [
  {
    name: 'user add',
    summary: 'Open an account',
    options: [
      ['--email <email>', 'E-mail address'],
      ['--username <name>', 'Made from the address unless said'],
      ['--role <role>', 'member unless said'],
      passwordFile,
      mail,
    ],
    load: async () => ({ default: (await import('./user.ts')).add }),
  },
  {
    name: 'user list',
    summary: 'Every account with its roles',
    options: [
      ['--search <text>', 'Part of the name or address'],
      ['--role <role>', 'Only those that have it'],
      ['--status <status>', 'active, suspended, leaving or deleted'],
    ],
    load: async () => ({ default: (await import('./user.ts')).list }),
  },
  {
    name: 'user show',
    summary: 'One account: state, roles, ways in, sessions',
    args: [login],
    load: async () => ({ default: (await import('./user.ts')).show }),
  },
  {
    name: 'user role',
    summary: 'Give a role or take it away',
    args: [login],
    options: [
      ['--add <role>', 'A role of `veza role list`'],
      ['--remove <role>', 'The last owner cannot lose that role'],
    ],
    load: async () => ({ default: (await import('./user.ts')).role }),
  },
  {
    name: 'user reset-password',
    summary: 'Set a new password and end every session of the account',
    args: [login],
    options: [passwordFile, mail],
    load: async () => ({ default: (await import('./user.ts')).resetPassword }),
  },
  {
    name: 'user suspend',
    summary: 'Keep somebody out, for a time or until it is lifted; ends every session',
    args: [login],
    options: [reason, minutes],
    load: async () => ({ default: (await import('./user-state.ts')).suspend }),
  },
  {
    name: 'user restore',
    summary: 'Lift a suspension, or keep an account that was to be deleted',
    args: [login],
    load: async () => ({ default: (await import('./user-state.ts')).restore }),
  },
  {
    name: 'user delete',
    summary: 'Delete an account for good, at once',
    args: [login],
    options: [yes],
    load: async () => ({ default: (await import('./user-state.ts')).remove }),
  },
  {
    name: 'user reset-factors',
    summary: 'Take away the second factors of somebody who lost them',
    args: [login],
    load: async () => ({ default: (await import('./user-state.ts')).resetSecondFactors }),
  },
  {
    name: 'role list',
    summary: 'Every role and how many have it',
    load: async () => ({ default: (await import('./role.ts')).list }),
  },
  {
    name: 'role show',
    summary: 'What a role may do, and what there is',
    args: [roleName],
    load: async () => ({ default: (await import('./role.ts')).show }),
  },
  {
    name: 'role create',
    summary: 'Make a role from permissions',
    args: [['<name>', 'Short name in lower case']],
    options: [
      ['--title <text>', 'As people read it; the name unless said'],
      ['--allow <list>', 'Permissions, with commas between'],
      ['--require-2fa', 'Counts only in sessions with two factors'],
    ],
    load: async () => ({ default: (await import('./role.ts')).create }),
  },
  {
    name: 'role allow',
    summary: 'Give a role permissions',
    args: [roleName, permissions],
    load: async () => ({ default: (await import('./role.ts')).allow }),
  },
  {
    name: 'role deny',
    summary: 'Take permissions from a role',
    args: [roleName, permissions],
    load: async () => ({ default: (await import('./role.ts')).deny }),
  },
  {
    name: 'role require-2fa',
    summary: 'Let a role count only in sessions with two factors',
    args: [roleName],
    options: [['--off', 'Let it count in every session again']],
    load: async () => ({ default: (await import('./role.ts')).requireTwoFactors }),
  },
  {
    name: 'role remove',
    summary: 'Remove a role made here; accounts lose it',
    args: [roleName],
    options: [yes],
    load: async () => ({ default: (await import('./role.ts')).remove }),
  },
  {
    name: 'invite create',
    summary: 'Make an invitation link; it is shown only now',
    options: [
      ['--role <role>', 'Role it brings; member unless said'],
      ['--max-uses <count>', 'How many may use it; 1 unless said'],
      ['--days <count>', 'How long it is good; 14 unless said'],
      ['--forever', 'Good without an end'],
      ['--note <text>', 'For whom, in words'],
      ['--email <email>', 'Mails the link, too'],
      ['--language <language>', 'Of the mail: en or fr'],
    ],
    load: async () => ({ default: (await import('./invite.ts')).create }),
  },
  {
    name: 'invite list',
    summary: 'Invitations, newest first',
    load: async () => ({ default: (await import('./invite.ts')).list }),
  },
  {
    name: 'invite revoke',
    summary: 'Take an invitation back',
    args: [['<id>', 'Id, as `veza invite list` shows it']],
    load: async () => ({ default: (await import('./invite.ts')).revoke }),
  },
  {
    name: 'session list',
    summary: 'Where an account is signed in',
    args: [login],
    load: async () => ({ default: (await import('./session.ts')).list }),
  },
  {
    name: 'session end',
    summary: 'Sign an account out everywhere, or out of one session',
    args: [login],
    options: [['--id <id>', 'Only this one, as `veza session list` shows it']],
    load: async () => ({ default: (await import('./session.ts')).end }),
  },
  {
    name: 'ban list',
    summary: 'Addresses kept out or let in',
    load: async () => ({ default: (await import('./ban.ts')).list }),
  },
  {
    name: 'ban add',
    summary: 'Keep an address or network out',
    args: [network],
    options: [['--reason <text>', 'Why, for who runs the label'], minutes],
    load: async () => ({ default: (await import('./ban.ts')).add }),
  },
  {
    name: 'ban allow',
    summary: 'Let an address or network in whatever the other rules say',
    args: [network],
    options: [['--reason <text>', 'Why, for who runs the label'], minutes],
    load: async () => ({ default: (await import('./ban.ts')).allow }),
  },
  {
    name: 'ban remove',
    summary: 'Remove the rules for an address or network',
    args: [['<network>', 'As `veza ban list` shows it, or its id']],
    load: async () => ({ default: (await import('./ban.ts')).remove }),
  },
]
