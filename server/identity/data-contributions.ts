/** What a plugin knows of an account, for the archive its holder takes away. */
export interface Contribution {
  /** Put into `<plugin>.json`. */
  data: unknown
  /** Files of the storage, put under `<plugin>/<name>`. */
  files?: { name: string; key: string }[]
}
export type Contribute = (accountId: string) => Promise<Contribution | null>

/** Who contributes to archives of personal data, by owner. */
export interface DataContributions {
  add(owner: string, contribute: Contribute): void
  dropOwner(owner: string): void
  all(): [owner: string, contribute: Contribute][]
}

export function createDataContributions(): DataContributions {
  const known = new Map<string, Contribute>()
  return {
    add: (owner, contribute) => known.set(owner, contribute),
    dropOwner: (owner) => known.delete(owner),
    all: () => [...known],
  }
}
