import './access.css'
import { useState } from 'preact/hooks'
import { Button, ButtonLink, call, Form, Icon, invalidate, me, toast, useTexts } from '#web'
import { type Access, claimTicket, getChannel, getReplay, listReplays } from '../../contract.ts'
import { Cover } from '../Cover.tsx'
import { followTexts } from './follow-texts.ts'
import { lockedTexts } from './locked-texts.ts'
import { signInPath, useFollowing } from './use-following.ts'

export interface LockedProps {
  slug: string
  access: Access
  isOnAir: boolean
  poster: string | null
}
const titles = {
  public: 'lockedMembers',
  members: 'lockedMembers',
  followers: 'lockedFollowers',
  subscribers: 'lockedSubscribers',
  ticket: 'lockedTicket',
} as const
const texts = {
  public: 'membersText',
  members: 'membersText',
  followers: 'followersText',
  subscribers: 'subscribersText',
  ticket: 'ticketText',
} as const

/** In the player's place for who may not watch: what is missing, and the way to it. */
export default function Locked({ slug, access, isOnAir, poster }: LockedProps) {
  const t = useTexts(lockedTexts)
  return (
    <section class="locked" aria-labelledby="locked-title">
      {poster ? <img class="locked-poster" src={poster} alt="" /> : <Cover of={slug} />}
      <div class="locked-words">
        <Icon name="key" size={26} />
        <h2 id="locked-title">{t(titles[access])}</h2>
        <p>
          {isOnAir && `${t('lockedLive')} `}
          {t(texts[access])}
        </p>
        <Way slug={slug} access={access} />
      </div>
    </section>
  )
}

function Way({ slug, access }: Pick<LockedProps, 'slug' | 'access'>) {
  const t = useTexts(lockedTexts)
  const follows = useTexts(followTexts)
  const { follow } = useFollowing(slug)
  if (!me.value) {
    return (
      <>
        {codeInAddress() && <p>{t('codeFirst')}</p>}
        <div class="row">
          <ButtonLink look="main" href={signInPath()}>
            {t('signIn')}
          </ButtonLink>
          <ButtonLink href={signInPath().replace('/login', '/register')}>{t('register')}</ButtonLink>
        </div>
      </>
    )
  }
  return (
    <>
      {access === 'followers' && (
        <div class="row">
          <Button look="main" icon="heart" onClick={() => void follow()}>
            {follows('follow')}
          </Button>
        </div>
      )}
      <CodeForm slug={slug} />
    </>
  )
}

/** A mailed invitation brings its code behind the `#`, which no server is sent. */
const codeInAddress = () =>
  typeof location === 'undefined' ? '' : (/^#code=([\w-]+)$/.exec(location.hash)?.[1] ?? '')

function CodeForm({ slug }: { slug: string }) {
  const t = useTexts(lockedTexts)
  const [isDone, setDone] = useState(false)
  if (isDone) return <p role="status">{t('redeemed')}</p>
  return (
    <div class="locked-code">
      <Form
        fields={[
          {
            name: 'code',
            label: t('code'),
            maxLength: 40,
            placeholder: 'XXXX-XXXX-XXXX',
            autocomplete: 'off',
          },
        ]}
        initial={{ code: codeInAddress() }}
        submit={t('redeem')}
        onSubmit={async ({ code }) => {
          await call(claimTicket, { params: { slug }, body: { code } })
          if (codeInAddress()) history.replaceState(history.state, '', location.pathname + location.search)
          setDone(true)
          toast(t('redeemed'))
          for (const route of [getChannel, getReplay, listReplays]) invalidate(route)
        }}
      />
    </div>
  )
}
