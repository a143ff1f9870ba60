import { Id, notFound } from '#contract'
import { html, type PageContent, problem } from '#sdk'
import { stranger } from '../access/viewer.ts'
import { getChannelById } from '../channels.ts'
import type { Desk } from '../desk.ts'
import { getClip } from './clips.ts'
import { presentClips, withStreams } from './present.ts'

const words = {
  en: { by: 'Clip by', closed: 'This clip is not for everybody; sign in to watch it.' },
  fr: { by: 'Extrait de', closed: 'Cet extrait n’est pas pour tout le monde ; connectez-vous pour le voir.' },
}

/** A clip as link previews and readers without JavaScript have it: it plays in both. */
export function renderClipPages(desk: Desk): void {
  desk.ctx.router.page('/live/{slug}/clips/{id}', (at, call) =>
    clipPage(desk, at, call.language === 'fr' ? words.fr : words.en),
  )
}

async function clipPage(
  desk: Desk,
  at: { slug: string; id: string },
  w: (typeof words)['en'],
): Promise<PageContent> {
  if (!Id.safeParse(at.id).success) throw problem(notFound)
  const row = await getClip(desk.ctx.db, at.id)
  const channel = await getChannelById(desk.ctx.db, row.channelId)
  if (channel.slug !== at.slug || row.status !== 'ready') throw problem(notFound)
  const [clip] = await presentClips(desk, await withStreams(desk, [row], channel), stranger)
  if (!clip) throw problem(notFound)
  const by = clip.maker ? `${w.by} ${clip.maker.displayName}` : ''
  const video = clip.video && new URL(clip.video, desk.ctx.site.url).href
  const seconds = Math.round(clip.durationMs / 1000)
  const shown = clip.video
    ? html`<p><video controls playsinline preload="metadata" src="${clip.video}" ${clip.poster && html`poster="${clip.poster}"`}></video></p>`
    : html`<p>${w.closed}</p>`
  return {
    title: clip.title,
    description: [channel.title, by].filter(Boolean).join(' · '),
    ...(clip.poster && { image: clip.poster }),
    kind: 'video.other',
    meta: video ? { 'og:video': video, 'og:video:type': 'video/mp4', 'video:duration': String(seconds) } : {},
    body: html`<main><h1>${clip.title}</h1>${shown}<p>${by && html`${by} – `}<a href="/live/${channel.slug}">${channel.title}</a></p></main>`,
    isUnlisted: clip.isLocked,
  }
}
