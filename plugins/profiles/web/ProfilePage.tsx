import './profile.css'
import { notFound } from '#contract'
import {
  Avatar,
  Badge,
  ButtonLink,
  EmptyState,
  formatDate,
  Icon,
  me,
  NotFound,
  Notice,
  navigate,
  type PageProps,
  Prose,
  QueryView,
  Slot,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { getProfile, membersOnly, type Profile, profileParts } from '../contract.ts'
import { ProfileMenu } from './ProfileMenu.tsx'
import { profileTexts } from './texts.ts'

/** `/@{username}`: who somebody is. */
export default function ProfilePage({ params }: PageProps) {
  const username = params.username ?? ''
  return <OpenProfile key={username} username={username} />
}

function OpenProfile({ username }: { username: string }) {
  const t = useTexts(profileTexts)
  const query = useQuery(getProfile, { params: { username } })
  const { data, error } = query
  useTitle(data?.displayName)
  // A former name leads to the present one.
  if (data && data.username !== username) navigate(`/@${data.username}`, { replace: true })
  if (error?.is(notFound)) return <NotFound />
  if (error?.is(membersOnly))
    return (
      <EmptyState
        icon="user"
        title={t('membersTitle')}
        text={t('membersText')}
        action={
          <ButtonLink look="main" href={`/login?next=${encodeURIComponent(`/@${username}`)}`}>
            {t('signIn')}
          </ButtonLink>
        }
      />
    )
  return (
    <QueryView query={query} skeleton={<ProfileSkeleton />}>
      {(profile) => <Shown profile={profile} onChanged={query.reload} />}
    </QueryView>
  )
}

function Shown({ profile, onChanged }: { profile: Profile; onChanged(): Promise<void> }) {
  const t = useTexts(profileTexts)
  const { username, displayName, avatar, banner, can } = profile
  const isOwn = me.value?.id === profile.id
  return (
    <article class="profile">
      <div class="profile-banner">
        {banner && <img src={banner.large} srcSet={`${banner.small} 800w, ${banner.large} 1600w`} alt="" />}
      </div>
      <header class="profile-head">
        <div class="profile-avatar">
          <Avatar name={displayName} url={avatar?.small} size={128} />
        </div>
        <div class="profile-name">
          <h1>
            {displayName}{' '}
            {profile.isVerified && (
              <span class="profile-mark" title={t('verified')}>
                <Icon name="verified" size={24} />
                <span class="hidden-text">{t('verified')}</span>
              </span>
            )}
          </h1>
          <p class="muted">
            @{username}
            {profile.roles.length > 0 && ` · ${profile.roles.join(', ')}`}
          </p>
        </div>
        <div class="profile-tools">
          {can.edit && isOwn && (
            <ButtonLink href="/profile/edit" icon="edit">
              {t('edit')}
            </ButtonLink>
          )}
          {(can.block || can.verify) && <ProfileMenu profile={profile} onChanged={onChanged} />}
        </div>
      </header>
      {profile.blockedByMe && <Notice>{t('blockedNotice', { name: displayName })}</Notice>}
      {!profile.blockedByMe && profile.mutedByMe && (
        <Notice>{t('mutedNotice', { name: displayName })}</Notice>
      )}
      <Facts profile={profile} />
      <Words profile={profile} isOwn={isOwn} />
      <Slot of={profileParts} props={{ profile }} />
    </article>
  )
}

/** Place, standing at the label, badges, since when. */
function Facts({ profile }: { profile: Profile }) {
  const t = useTexts(profileTexts)
  const { place, labelRoles, badges, joinedAt } = profile
  if (!place && labelRoles.length === 0 && badges.length === 0 && !joinedAt) return null
  return (
    <ul class="profile-facts">
      {labelRoles.map((role) => (
        <li key={role}>
          <Badge tone="brand">{t(`role-${role}`)}</Badge>
        </li>
      ))}
      {badges.map(({ name, title }) => (
        <li key={name}>
          <Badge>{title}</Badge>
        </li>
      ))}
      {place && (
        <li>
          <Icon name="place" size={18} /> {place}
        </li>
      )}
      {joinedAt && (
        <li>
          <Icon name="clock" size={18} /> {t('joined', { date: formatDate(joinedAt, 'date') })}
        </li>
      )}
    </ul>
  )
}

function Words({ profile, isOwn }: { profile: Profile; isOwn: boolean }) {
  const t = useTexts(profileTexts)
  const { bioHtml, genres, instruments, links } = profile
  const isEmpty = !bioHtml && genres.length + instruments.length + links.length === 0
  if (isEmpty && isOwn)
    return (
      <EmptyState
        icon="user"
        title={t('emptyOwn')}
        text={t('emptyOwnText')}
        action={<ButtonLink href="/profile/edit">{t('edit')}</ButtonLink>}
      />
    )
  if (isEmpty) return null
  return (
    <div class="profile-body">
      {bioHtml && <Prose html={bioHtml} />}
      <aside class="profile-side">
        <Chips title={t('genres')} words={genres} />
        <Chips title={t('instruments')} words={instruments} />
        {links.length > 0 && (
          <section>
            <h2>{t('links')}</h2>
            <ul class="profile-links">
              {links.map(({ label, url }) => (
                <li key={url}>
                  <a href={url} target="_blank" rel="nofollow ugc noopener noreferrer">
                    <Icon name="link" size={18} /> {label}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
      </aside>
    </div>
  )
}

function Chips({ title, words }: { title: string; words: readonly string[] }) {
  if (words.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul class="tags">
        {words.map((word) => (
          <li key={word} class="tag">
            {word}
          </li>
        ))}
      </ul>
    </section>
  )
}

function ProfileSkeleton() {
  return (
    <div class="profile" role="status">
      <div class="profile-banner" />
      <div class="profile-head">
        <div class="profile-avatar" />
      </div>
    </div>
  )
}
