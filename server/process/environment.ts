/** What a program needs of the environment; everything else may hold secrets and stays here. */
const passed = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
  'NODE_V8_COVERAGE',
]

/** The environment given to child processes: no VEZA_*, no NODE_OPTIONS, no secret. */
export function plainEnvironment(): Record<string, string> {
  const entries = passed.map((name) => [name, process.env[name]] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
