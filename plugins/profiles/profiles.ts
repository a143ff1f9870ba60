import { type Db, isoTime } from '#sdk'
import type { Link, Section, Visibility } from './contract.ts'

/** What somebody tells of themselves. */
export interface ProfileRow {
  accountId: string
  bio: string
  place: string
  genresJson: string[]
  instrumentsJson: string[]
  rolesJson: string[]
  linksJson: Link[]
  visibility: Visibility
  hiddenJson: Section[]
  /** Folders of the storage. */
  avatarKey: string | null
  bannerKey: string | null
  isVerified: boolean
}
export type ProfileChange = Partial<Omit<ProfileRow, 'accountId'>>

const table = 'profiles_profiles'

const untold = {
  bio: '',
  place: '',
  genresJson: [],
  instrumentsJson: [],
  rolesJson: [],
  linksJson: [],
  visibility: 'public' as const,
  hiddenJson: [],
  avatarKey: null,
  bannerKey: null,
  isVerified: false,
}

/** Who has told nothing yet has an empty, public profile. */
export async function findProfile(db: Db, accountId: string): Promise<ProfileRow> {
  const row: ProfileRow | undefined = await db<ProfileRow>(table).where({ accountId }).first()
  return row ?? { accountId, ...untold }
}

export async function updateProfile(db: Db, accountId: string, change: ProfileChange): Promise<void> {
  const changed = asColumns({ ...change, changedAt: isoTime() })
  await db(table)
    .insert({ accountId, ...asColumns(untold), ...changed })
    .onConflict('account_id')
    .merge(changed)
}

export async function removeProfile(db: Db, accountId: string): Promise<void> {
  await db(table).where({ accountId }).delete()
}

/** Which of these folders of pictures are somebody's. */
export async function keysInUse(db: Db, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows: { avatarKey: string | null; bannerKey: string | null }[] = await db(table)
    .select('avatar_key', 'banner_key')
    .whereIn('avatar_key', keys)
    .orWhereIn('banner_key', keys)
  return new Set(
    rows.flatMap(({ avatarKey, bannerKey }) => [avatarKey, bannerKey]).filter((key) => key !== null),
  )
}

/** Lists are stored as JSON. */
function asColumns(change: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name.endsWith('Json') ? JSON.stringify(value) : value]),
  )
}
