import {
  Bytes,
  defineContract,
  defineEvent,
  defineJob,
  defineProblem,
  defineRoute,
  defineSlot,
  Id,
  identity,
  PageQuery,
  PictureCrop,
  pageOf,
  Time,
  WebAddress,
  z,
} from '#contract'

/** Who may see a profile: everybody, who is signed in, or its holder alone (and moderators). */
export const Visibility = z.enum(['public', 'members', 'private'])
export type Visibility = z.infer<typeof Visibility>
/** Parts of a profile that its holder can hide from others. */
export const Section = z.enum(['bio', 'place', 'genres', 'instruments', 'roles', 'links', 'badges', 'joined'])
export type Section = z.infer<typeof Section>

/** Signed addresses of a picture's sizes; they change each day and with the picture. */
export const Picture = z.strictObject({ small: z.string(), large: z.string() })
export type Picture = z.infer<typeof Picture>
export const Link = z.strictObject({ label: z.string(), url: z.string() })
export type Link = z.infer<typeof Link>
/** Given by another plugin; `name` is `<plugin>.<badge>`. */
export const Badge = z.strictObject({ name: z.string(), title: z.string() })
export type Badge = z.infer<typeof Badge>

/** A profile as the caller may see it: what is hidden from them is empty or null. */
export const Profile = z.strictObject({
  id: Id,
  /** The present one, also where a former one was asked for: show this one in the address. */
  username: z.string(),
  displayName: z.string(),
  /** Squares of 256 and 768 pixels. */
  avatar: Picture.nullable(),
  /** 800 x 200 and 1600 x 400. */
  banner: Picture.nullable(),
  /** Markdown, as written. */
  bio: z.string(),
  /** Safe HTML made of it; headings are h3 and h4. */
  bioHtml: z.string(),
  place: z.string(),
  genres: z.array(z.string()),
  instruments: z.array(z.string()),
  /** Free words, as DJ or producer. */
  roles: z.array(z.string()),
  /** `label` is never empty; `url` is http or https. */
  links: z.array(Link),
  badges: z.array(Badge),
  /** The label says that this is who they say they are. */
  isVerified: z.boolean(),
  /** What they are at the label. */
  labelRoles: z.array(z.enum(['owner', 'admin', 'moderator', 'artist'])),
  joinedAt: Time.nullable(),
  visibility: Visibility,
  /** Told to its holder alone; empty for others. */
  hidden: z.array(Section),
  blockedByMe: z.boolean(),
  mutedByMe: z.boolean(),
  can: z.strictObject({
    edit: z.boolean(),
    /** Block and mute; nobody can themselves. */
    block: z.boolean(),
    verify: z.boolean(),
  }),
})
export type Profile = z.infer<typeof Profile>

/** One's own profile as the editor has it: everything, with nothing hidden. */
export const MyProfile = Profile.omit({
  badges: true,
  labelRoles: true,
  joinedAt: true,
  blockedByMe: true,
  mutedByMe: true,
  can: true,
})
export type MyProfile = z.infer<typeof MyProfile>

export const bioLimit = 5000
const Bio = z.string().max(bioLimit, { error: `Use at most ${bioLimit.toLocaleString('en')} characters.` })
const Word = z
  .string()
  .trim()
  .min(1, { error: 'Write a word.' })
  .max(40, { error: 'Use at most 40 characters.' })
const words = (most: number) => z.array(Word).max(most, { error: `Name at most ${most}.` })
const GivenLink = z.strictObject({
  /** Its host name where left out. */
  label: z.string().trim().max(40, { error: 'Use at most 40 characters.' }).default(''),
  url: WebAddress,
})

const picture = {
  access: 'signed-in',
  takes: ['image/*'],
  bodyLimit: 10 * 1024 * 1024,
  query: PictureCrop,
  body: Bytes,
  result: MyProfile,
  perMinute: 20,
} as const

/** 404 for private ones, and for who is blocked; 403 profiles.members-only for who is not signed in. */
export const getProfile = defineRoute({
  method: 'GET',
  path: '/api/v1/profiles/{username}',
  access: 'public',
  summary: 'A profile, by present or former username',
  result: Profile,
})
/** The shown name is changed by identity.updateMe, the username by identity.changeUsername. */
export const getMyProfile = defineRoute({
  method: 'GET',
  path: '/api/v1/profiles/-/mine',
  access: 'signed-in',
  summary: 'One’s own profile, to be edited',
  result: MyProfile,
})
export const updateMyProfile = defineRoute({
  method: 'PATCH',
  path: '/api/v1/profiles/-/mine',
  access: 'signed-in',
  summary: 'Change one’s own profile',
  body: z.strictObject({
    bio: Bio.optional(),
    place: z.string().trim().max(80, { error: 'Use at most 80 characters.' }).optional(),
    genres: words(10).optional(),
    instruments: words(10).optional(),
    roles: words(5).optional(),
    links: z.array(GivenLink).max(12, { error: 'Name at most 12.' }).optional(),
    visibility: Visibility.optional(),
    hidden: z.array(Section).max(Section.options.length).optional(),
  }),
  result: MyProfile,
  perMinute: 60,
})
export const previewBio = defineRoute({
  method: 'POST',
  path: '/api/v1/profiles/-/preview',
  access: 'signed-in',
  summary: 'Markdown as it will be shown',
  body: z.strictObject({ text: Bio }),
  result: z.strictObject({ html: z.string() }),
  perMinute: 120,
})
/** JPEG, PNG, WebP, AVIF or GIF (its first picture); stored anew as squares, without what the file says beside. */
export const putAvatar = defineRoute({
  method: 'PUT',
  path: '/api/v1/profiles/-/avatar',
  summary: 'Upload one’s picture; the middle is taken unless a crop is said',
  ...picture,
})
export const removeAvatar = defineRoute({
  method: 'DELETE',
  path: '/api/v1/profiles/-/avatar',
  access: 'signed-in',
  summary: 'Take one’s picture away',
  result: MyProfile,
})
/** As the avatar, four times as wide as high. */
export const putBanner = defineRoute({
  method: 'PUT',
  path: '/api/v1/profiles/-/banner',
  summary: 'Upload the wide picture of one’s profile; the middle is taken unless a crop is said',
  ...picture,
})
export const removeBanner = defineRoute({
  method: 'DELETE',
  path: '/api/v1/profiles/-/banner',
  access: 'signed-in',
  summary: 'Take the wide picture away',
  result: MyProfile,
})

/** Somebody the caller blocks or mutes. */
export const Block = z.strictObject({
  id: Id,
  kind: z.enum(['block', 'mute']),
  person: identity.Person,
  createdAt: Time,
})
export type Block = z.infer<typeof Block>
export const listBlocks = defineRoute({
  method: 'GET',
  path: '/api/v1/profiles/-/blocks',
  access: 'signed-in',
  summary: 'Whom one blocks and mutes, newest first',
  query: PageQuery,
  result: pageOf(Block),
})
/** Neither sees the other's messages and lists; the blocked one does not see the profile. */
export const blockMember = defineRoute({
  method: 'PUT',
  path: '/api/v1/profiles/{username}/block',
  access: 'signed-in',
  summary: 'Block a member',
})
export const unblockMember = defineRoute({
  method: 'DELETE',
  path: '/api/v1/profiles/{username}/block',
  access: 'signed-in',
  summary: 'Block a member no more',
})
/** What they write is not shown to the caller; they do not learn of it. */
export const muteMember = defineRoute({
  method: 'PUT',
  path: '/api/v1/profiles/{username}/mute',
  access: 'signed-in',
  summary: 'Mute a member',
})
export const unmuteMember = defineRoute({
  method: 'DELETE',
  path: '/api/v1/profiles/{username}/mute',
  access: 'signed-in',
  summary: 'Mute a member no more',
})
export const setVerified = defineRoute({
  method: 'PUT',
  path: '/api/v1/profiles/{username}/verified',
  access: { permission: 'profiles.verify' },
  summary: 'Give or take the label’s verified mark',
  body: z.strictObject({ isVerified: z.boolean() }),
  result: Profile,
})

export const membersOnly = defineProblem({
  name: 'profiles.members-only',
  status: 403,
  title: 'This profile is for members; please sign in.',
})
export const yourself = defineProblem({
  name: 'profiles.yourself',
  status: 409,
  title: 'You cannot block or mute yourself.',
})
export const tooManyBlocks = defineProblem({
  name: 'profiles.too-many-blocks',
  status: 409,
  title: 'You block and mute as many people as can be; let somebody go first.',
})

/** Each night: pictures that an interrupted upload left behind go. */
export const removeOrphans = defineJob({
  name: 'profiles.remove-orphans',
  payload: z.strictObject({}),
  attempts: 1,
})
/** Somebody began or ceased to block or mute somebody: forget what `hiddenFrom` said of both. */
export const blocksChanged = defineEvent({
  name: 'profiles.blocks-changed',
  payload: z.strictObject({ accountId: Id, otherId: Id }),
})

/** Below what somebody tells of themselves: what other plugins know of them. */
export const profileParts = defineSlot<{ profile: Profile }>('profiles.parts')

/** Badges by account id; accounts without any may be left out. */
export type BadgeSource = (accountIds: string[]) => Promise<Map<string, Badge[]>>

/** What other plugins may ask of profiles. */
export interface ProfilesApi {
  /** Those this account blocks or mutes and those who block it: what they write is not shown to it. */
  hiddenFrom(accountId: string): Promise<ReadonlySet<string>>
  /** Whether one of the two blocks the other. */
  isBlocked(a: string, b: string): Promise<boolean>
  /**
   * Shows badges on profiles: `badgesOf` answers those of each account that has some. Call it in `setup` with the
   * plugin's name, and give what it answers to `ctx.onStop`. Where it fails, the profile is shown without them.
   */
  addBadges(owner: string, badgesOf: BadgeSource): () => void
}
export const profiles = defineContract<ProfilesApi>('profiles')
