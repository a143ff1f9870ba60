import { asProblem, call, invalidate, me, navigate, toast, url, useQuery, useTexts } from '#web'
import {
  type Following,
  followChannel,
  forgetReminder,
  getChannel,
  getFollowing,
  listReplays,
  remindMe,
  unfollowChannel,
} from '../../contract.ts'
import { followTexts } from './follow-texts.ts'

/** Where somebody signs in and comes back to this page. */
export const signInPath = () => `/login?next=${encodeURIComponent(url.peek())}`

/** How the reader stands to a channel, and the ways to change it. */
export function useFollowing(slug: string) {
  const t = useTexts(followTexts)
  const query = useQuery(getFollowing, { params: { slug } })
  const change = async (work: () => Promise<Following | string>) => {
    if (!me.peek()) return navigate(signInPath())
    try {
      const result = await work()
      if (typeof result !== 'string') query.set(result)
      else {
        toast(result)
        await query.reload()
      }
      // Following may open the channel, and its recordings.
      invalidate(getChannel)
      invalidate(listReplays)
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const params = { slug }
  const isMailed = query.data?.isMailed ?? false
  return {
    following: query.data,
    follow: () => change(() => call(followChannel, { params })),
    unfollow: () =>
      change(async () => {
        await call(unfollowChannel, { params })
        return t('unfollowed')
      }),
    toggleMails: () =>
      change(async () => {
        if (isMailed) await call(forgetReminder, { params })
        else await call(remindMe, { params, body: {} })
        return t(isMailed ? 'forgotToast' : 'remindedToast')
      }),
  }
}
