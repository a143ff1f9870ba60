import type { Purpose } from '#plugins/payments'
import { tipPurpose } from './give.ts'
import type { Ctx } from './settings.ts'
import { tipsByIds } from './tips.ts'

/** What the payments of this plugin are, for those who keep the label's books. */
export function describePurpose({ db, needs }: Ctx): Purpose {
  return {
    name: tipPurpose,
    title: { en: 'Tips', fr: 'Pourboires' },
    describe: async (ids, language) => {
      const tips = await tipsByIds(db, ids)
      const channels = await needs.live.channelsByIds(tips.map(({ channelId }) => channelId))
      return new Map(
        tips.map(({ id, channelId, isSuperchat, message }) => {
          const channel = channels.get(channelId)
          const title = titleOf(isSuperchat, channel?.title, language)
          return [id, { title, text: message, path: channel ? `/live/${channel.slug}` : null }]
        }),
      )
    },
  }
}

function titleOf(isSuperchat: boolean, channel: string | undefined, language: string): string {
  if (language === 'fr')
    return `${isSuperchat ? 'Superchat' : 'Pourboire'}${channel ? ` pour ${channel}` : ''}`
  return `${isSuperchat ? 'Superchat' : 'Tip'}${channel ? ` for ${channel}` : ''}`
}
