/** What a plugin's web side may import (`#web`): data, realtime, places in the page, words and the ui kit. */
export { beginOf, endOf } from '../shell/admin/audit/days.ts'
export { givenOnly, SearchField, useFilters } from '../shell/admin/filters.tsx'
export { NotFound } from '../shell/not-found.tsx'
export * from '../ui/index.ts'
export { deriveAccent } from './accent.ts'
export { type CallInput, call, urlOf } from './call.ts'
export { confirm, confirmByName, type Question } from './confirm.ts'
export {
  type DateStyle,
  formatAgo,
  formatBytes,
  formatClock,
  formatDate,
  formatDuration,
  formatMoney,
  formatNumber,
} from './format.ts'
export { groupBy } from './group-by.ts'
export { type Language, language, say, setLanguage, type Words } from './language.ts'
export { useLoaded } from './lazy.tsx'
export { Link } from './link.tsx'
export { navigate, path, query, safeNext, url } from './location.ts'
export { type Pages, usePages } from './pages.ts'
export {
  type PlayableCard,
  type Player,
  type PlayerState,
  type PlayFrom,
  player,
  setPlayer,
} from './player.ts'
export {
  defineWebPlugin,
  type Fill,
  fill,
  type Load,
  type NavItem,
  type PageOf,
  type PageProps,
  type WebPlugin,
} from './plugin.ts'
export { asProblem, ProblemError } from './problem-error.ts'
export { forgetQueries, invalidate, type Query, type QueryOptions, useQuery } from './query.ts'
export type { ChannelState } from './realtime.ts'
export { can, me, reloadMe, type Session, useSession } from './session.ts'
export { reloadSite, useSite } from './site.ts'
export { Slot, useFills } from './slot.tsx'
export { adminOverview, homeBlocks, pageFoot, setUpSteps } from './slots.ts'
export { slugOf } from './slug.ts'
export { defineTexts, type Text, type Texts, type Translate, useTexts } from './texts.ts'
export { useTitle } from './title.ts'
export { toast } from './toast.ts'
export { type ChannelHandlers, type Room, useChannel } from './use-channel.ts'
export { withConfirm } from './with-confirm.ts'
