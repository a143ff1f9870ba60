import type { CommandSpec } from '../command.ts'

const name: [string, string] = ['<name>', 'Short name, as google, github or keycloak']

/** What `veza provider` does: other accounts that members may sign in with. */
export const providerCommands: CommandSpec[] = [
  {
    name: 'provider list',
    summary: 'Other accounts that members may sign in with',
    load: async () => ({ default: (await import('./provider.ts')).list }),
  },
  {
    name: 'provider set',
    summary: 'Add or change a provider: Google, GitHub or any OpenID Connect issuer',
    args: [name],
    options: [
      ['--kind <kind>', 'google, github or oidc; oidc unless the name is one of the others'],
      ['--client-id <id>', 'Id that the provider gave to this site'],
      ['--client-secret-file <file>', 'File that holds the secret it gave; the stored one stays unless said'],
      ['--issuer <url>', 'Address of the issuer, or of a GitHub Enterprise server'],
      ['--title <title>', 'Name on the button'],
      ['--disable', 'Switch it off; without this flag it is on'],
    ],
    load: async () => ({ default: (await import('./provider.ts')).set }),
  },
  {
    name: 'provider remove',
    summary: 'Remove a provider; accounts linked to it keep their other ways in',
    args: [name],
    load: async () => ({ default: (await import('./provider.ts')).remove }),
  },
]
