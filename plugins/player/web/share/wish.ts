import type { Release, Track } from '#plugins/catalog'
import type { Shared } from '../front.ts'

const isForAll = ({ status, visibility }: Pick<Release, 'status' | 'visibility'>) =>
  status === 'published' && visibility === 'public'

export function shareTrack({ id, title, release }: Pick<Track, 'id' | 'title' | 'release'>): Shared {
  const key = new URLSearchParams(release.href.split('?')[1]).get('key')
  const href = `/tracks/${id}${key ? `?key=${encodeURIComponent(key)}` : ''}`
  return { kind: 'track', href, title, embedKey: isForAll(release) ? id : null, trackId: id }
}

export function shareRelease(
  release: Pick<Release, 'href' | 'slug' | 'title' | 'status' | 'visibility'>,
): Shared {
  const { href, slug, title } = release
  return { kind: 'release', href, title, embedKey: isForAll(release) ? slug : null, trackId: null }
}

/** `/tracks/x` at 83 s -> `/tracks/x?t=83`; other parts of the query stay. */
export function atTime(href: string, ms: number | null): string {
  if (ms === null) return href
  const [path = '', search = ''] = href.split('?')
  const query = new URLSearchParams(search)
  query.set('t', String(Math.floor(ms / 1000)))
  return `${path}?${query}`
}

/** HTML for another site's page. */
export function embedCode(origin: string, { kind, embedKey, title }: Shared): string {
  const safe = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
  const src = `${origin}/embed/${kind}/${encodeURIComponent(embedKey ?? '')}`
  const height = kind === 'track' ? 120 : 420
  return `<iframe src="${safe(src)}" width="480" height="${height}" title="${safe(title)}" style="border:0" loading="lazy" allow="autoplay; encrypted-media"></iframe>`
}

/** `1:23` or `1:02:03` -> ms; null for what is no time. */
export function readClock(text: string): number | null {
  if (!/^\d{1,3}(?::\d{1,2}){0,2}$/.test(text.trim())) return null
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000
}
