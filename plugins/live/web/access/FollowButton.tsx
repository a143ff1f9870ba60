import './access.css'
import { Button, formatNumber, IconButton, useTexts } from '#web'
import type { ChannelView } from '../../contract.ts'
import { followTexts } from './follow-texts.ts'
import { useFollowing } from './use-following.ts'

/** Under the player: follow the channel, and a mail when it goes live. */
export default function FollowButton({ channel }: { channel: ChannelView }) {
  const t = useTexts(followTexts)
  const { following, follow, unfollow, toggleMails } = useFollowing(channel.slug)
  if (!following) return null
  const { isFollowing, isMailed, followers } = following
  return (
    <>
      <Button
        icon="heart"
        aria-pressed={isFollowing}
        onClick={() => void (isFollowing ? unfollow() : follow())}
      >
        {t(isFollowing ? 'following' : 'follow')}
        {followers > 0 && (
          <span class="access-count" title={t('followers', { count: followers })}>
            <span class="access-number" aria-hidden="true">
              {formatNumber(followers)}
            </span>
            <span class="hidden-text"> {t('followers', { count: followers })}</span>
          </span>
        )}
      </Button>
      <IconButton
        icon="bell"
        label={t(isMailed ? 'reminded' : 'remind')}
        aria-pressed={isMailed}
        onClick={() => void toggleMails()}
      />
    </>
  )
}
