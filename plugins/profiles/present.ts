import type { identity } from '#contract'
import { type Account, isoTime, renderMarkdown, type Storage } from '#sdk'
import { blocksBetween } from './blocks.ts'
import type { MyProfile, Picture, Profile, Section } from './contract.ts'
import type { Desk } from './desk.ts'
import { idTime } from './id-time.ts'
import { refusalOf, verifyPermission } from './policy.ts'
import { findProfile, type ProfileRow } from './profiles.ts'

const labelRoles = ['owner', 'admin', 'moderator', 'artist'] as const

/** The profile as this caller sees it; throws where they may not. */
export async function presentProfile(
  desk: Desk,
  person: identity.Person,
  account: Account | null,
): Promise<Profile> {
  const { db, accounts } = desk.ctx
  const row = await findProfile(db, person.id)
  const isOwn = account?.id === person.id
  const between = account && !isOwn ? await blocksBetween(db, account.id, person.id) : []
  const theirs = between.some(({ accountId, kind }) => accountId === person.id && kind === 'block')
  const refusal = refusalOf(row, { account, isBlocked: theirs })
  if (refusal) throw refusal
  const isMine = (kind: string) =>
    between.some((block) => block.accountId === account?.id && block.kind === kind)
  const roles = (await accounts.rolesByIds([person.id])).get(person.id) ?? []
  const whole = {
    ...presentMine(desk.ctx.storage, person, row),
    badges: await desk.badges.of(person.id),
    // An account has its id since it was opened.
    joinedAt: isoTime(new Date(idTime(person.id))),
  }
  return {
    ...(isOwn ? whole : withoutHidden(whole, row.hiddenJson)),
    labelRoles: labelRoles.filter((role) => roles.includes(role)),
    blockedByMe: isMine('block'),
    mutedByMe: isMine('mute'),
    can: {
      edit: isOwn,
      block: account !== null && !isOwn,
      verify: account?.permissions.has(verifyPermission) ?? false,
    },
  }
}

/** All that its holder told, for the editor. */
export function presentMine(storage: Storage, person: identity.Person, row: ProfileRow): MyProfile {
  const { id, username, displayName } = person
  return {
    id,
    username,
    displayName,
    avatar: pictureOf(storage, row.avatarKey, ['256', '768']),
    banner: pictureOf(storage, row.bannerKey, ['800', '1600']),
    bio: row.bio,
    bioHtml: renderMarkdown(row.bio).html,
    place: row.place,
    genres: row.genresJson,
    instruments: row.instrumentsJson,
    roles: row.rolesJson,
    links: row.linksJson,
    isVerified: row.isVerified,
    visibility: row.visibility,
    hidden: row.hiddenJson,
  }
}

type Hideable = MyProfile & Pick<Profile, 'badges' | 'joinedAt'>

function withoutHidden(profile: Hideable, hidden: readonly Section[]): Hideable {
  const nothing: { [S in Section]: Partial<Hideable> } = {
    bio: { bio: '', bioHtml: '' },
    place: { place: '' },
    genres: { genres: [] },
    instruments: { instruments: [] },
    roles: { roles: [] },
    links: { links: [] },
    badges: { badges: [] },
    joined: { joinedAt: null },
  }
  return Object.assign({}, profile, ...hidden.map((section) => nothing[section]), { hidden: [] })
}

/** Signed until the end of tomorrow: the same address all day, so that browsers keep the picture. */
function pictureOf(storage: Storage, key: string | null, [small, large]: [string, string]): Picture | null {
  if (!key) return null
  const url = (size: string) => storage.dayUrl(`${key}/${size}.webp`)
  return { small: url(small), large: url(large) }
}
