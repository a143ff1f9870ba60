import { type Query, useChannel, useQuery } from '#web'
import { listTips, type Tip, type TipList, tipsRoom } from '../contract.ts'
import { withTip } from './tip-list.ts'

/** Tips, goal and terms of a channel; shared by all who ask for the same. */
export function useTips(slug: string): Query<TipList> {
  return useQuery(listTips, { params: { slug } })
}

/** The same, kept up to date by what the channel's room says. Once on a page. */
export function useLiveTips(slug: string): Query<TipList> {
  const query = useTips(slug)
  const put = (tip: Tip) => {
    // They see more than the room is told.
    if (query.data?.can.moderate) void query.reload()
    else query.change((list) => ({ ...list, items: withTip(list.items, tip) }))
  }
  useChannel(
    tipsRoom,
    { slug },
    {
      paid: put,
      changed: put,
      refunded: ({ id }) => {
        if (query.data?.can.moderate) void query.reload()
        else query.change((list) => ({ ...list, items: list.items.filter((tip) => tip.id !== id) }))
      },
      goal: (goal) => query.change((list) => ({ ...list, goal })),
      onJoin: () => void query.reload(),
    },
  )
  return query
}
