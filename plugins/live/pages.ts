import { Id, notFound } from '#contract'
import { type Html, html, type PageContent, problem } from '#sdk'
import { stranger } from './access/viewer.ts'
import { channelsByIds, getChannel, getChannelById, listChannels, withChannels } from './channels.ts'
import type { ChannelView, Replay } from './contract.ts'
import type { Desk } from './desk.ts'
import { upcomingPart } from './events/pages.ts'
import { presentChannel, presentReplay } from './present.ts'
import { getReplay, listReplays, streamOnAir, streamsOnAir } from './streams.ts'

const words = {
  en: {
    live: 'Live',
    onAir: 'On air now',
    back: 'The stream will be right back.',
    offline: 'Nobody is on air at the moment.',
    replays: 'Replays',
    recordedAt: 'Recorded on',
    locked: 'This channel is not open to everybody: sign in, or bring a ticket.',
    all: 'All channels',
    goLive: 'Go live',
    stats: 'Audience',
  },
  fr: {
    live: 'Direct',
    onAir: 'En direct',
    back: 'Le direct reprend dans un instant.',
    offline: 'Personne n’est à l’antenne pour le moment.',
    replays: 'Rediffusions',
    recordedAt: 'Enregistré le',
    locked: 'Cette chaîne n’est pas ouverte à tous : connectez-vous, ou apportez un billet.',
    all: 'Toutes les chaînes',
    goLive: 'Passer en direct',
    stats: 'Audience',
  },
}
type Words = (typeof words)['en']
const wordsOf = (language: string): Words => (language === 'fr' ? words.fr : words.en)

/** What crawlers, link previews and browsers without JavaScript see. */
export function renderPages(desk: Desk): void {
  const { router } = desk.ctx
  router.landing((call) => landingPart(desk, wordsOf(call.language)))
  router.page('/live', (_params, call) => livePage(desk, call.language))
  router.page('/live/{slug}', ({ slug }, call) => channelPage(desk, slug, call.language))
  router.page('/live/{slug}/replays/{id}', (at, call) => replayPage(desk, at, wordsOf(call.language)))
  router.page('/go-live', (_params, call) => deskPage('goLive', wordsOf(call.language)))
  router.page('/go-live/stats', (_params, call) => deskPage('stats', wordsOf(call.language)))
}

/** Only the app can show it; without it there is the way to the channels. */
function deskPage(name: 'goLive' | 'stats', w: Words): PageContent {
  return {
    title: w[name],
    body: html`<main><h1>${w[name]}</h1><p><a href="/live">${w.all}</a></p></main>`,
  }
}

async function landingPart(desk: Desk, w: Words): Promise<Html> {
  const { db } = desk.ctx
  const onAir = await streamsOnAir(db)
  const channels = await channelsByIds(db, [...onAir.keys()])
  const views = [...channels.values()].map((channel) =>
    presentChannel(desk, channel, onAir.get(channel.id), stranger),
  )
  return html`<ul>${views.map((view) => channelItem(view, w))}</ul>${replayList(await recentReplays(desk), w)}<p><a href="/live">${w.all}</a></p>`
}

async function livePage(desk: Desk, language: string): Promise<PageContent> {
  const { db } = desk.ctx
  const w = wordsOf(language)
  const upcoming = await upcomingPart(desk, { language, limit: 20 })
  const onAir = await streamsOnAir(db)
  const page = await listChannels(db, { limit: 50, first: [...onAir.keys()] })
  const views = page.items.map((channel) => presentChannel(desk, channel, onAir.get(channel.id), stranger))
  const replays = await recentReplays(desk)
  return {
    title: w.live,
    ...pictureOf(views.find((view) => view.poster) ?? coverAsPoster(views.find((view) => view.cover))),
    body: html`<main><h1>${w.live}</h1><ul>${views.map((view) => channelItem(view, w))}</ul>${upcoming}${replayList(replays, w)}</main>`,
  }
}

async function channelPage(desk: Desk, slug: string, language: string): Promise<PageContent> {
  const { db } = desk.ctx
  const w = wordsOf(language)
  const channel = await getChannel(db, slug)
  const stream = await streamOnAir(db, channel.id)
  const view = presentChannel(desk, channel, stream, stranger)
  const replays = await recentReplays(desk, channel.id)
  const state = view.isInterrupted ? w.back : view.status === 'live' ? w.onAir : w.offline
  const upcoming = await upcomingPart(desk, { language, limit: 20, channelId: channel.id })
  return {
    title: view.title,
    ...(view.description && { description: view.description }),
    ...pictureOf(view.poster ? view : (coverAsPoster(view) ?? replays[0])),
    body: html`<main><h1>${view.title}</h1><p>${state}</p>${view.isLocked && html`<p>${w.locked}</p>`}${view.description && html`<p>${view.description}</p>`}${upcoming}${replayList(replays, w)}<p><a href="/live">${w.all}</a></p></main>`,
  }
}

async function replayPage(desk: Desk, at: { slug: string; id: string }, w: Words): Promise<PageContent> {
  const { db } = desk.ctx
  if (!Id.safeParse(at.id).success) throw problem(notFound)
  const stream = await getReplay(db, at.id)
  const channel = await getChannelById(db, stream.channelId)
  if (channel.slug !== at.slug) throw problem(notFound)
  const replay = presentReplay(desk, stream, channel, stranger)
  const day = replay.startedAt.slice(0, 10)
  return {
    title: replay.title,
    description: channel.description || `${channel.title}, ${day}`,
    ...pictureOf(replay),
    body: html`<main><h1>${replay.title}</h1><p>${w.recordedAt} <time datetime="${replay.startedAt}">${day}</time></p><p><a href="/live/${channel.slug}">${channel.title}</a></p></main>`,
  }
}

async function recentReplays(desk: Desk, channelId?: string): Promise<Replay[]> {
  const { db } = desk.ctx
  const { items } = await listReplays(db, { limit: 20, ...(channelId && { channelId }) })
  const found = await withChannels(db, items)
  return found.map(([stream, channel]) => presentReplay(desk, stream, channel, stranger))
}

function channelItem(view: ChannelView, w: Words): Html {
  return html`<li><a href="/live/${view.slug}">${view.title}</a>${view.status === 'live' && ` – ${w.onAir}`}</li>`
}

function replayList(replays: Replay[], w: Words): Html {
  if (replays.length === 0) return html``
  const items = replays.map(
    (replay) =>
      html`<li><a href="/live/${replay.channel.slug}/replays/${replay.id}">${replay.title}</a> <time datetime="${replay.startedAt}">${replay.startedAt.slice(0, 10)}</time></li>`,
  )
  return html`<h2>${w.replays}</h2><ul>${items}</ul>`
}

const coverAsPoster = (view: ChannelView | undefined) =>
  view?.cover ? { poster: view.cover.large } : undefined

const pictureOf = (shown: { poster: string | null } | undefined) =>
  shown?.poster ? { image: shown.poster } : {}
