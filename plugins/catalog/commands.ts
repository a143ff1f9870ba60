import { Id, notFound, z } from '#contract'
import { defineCommand, problem } from '#sdk'
import { ReleaseStatus } from './contract.ts'
import { importCommand } from './import/command.ts'
import { publish, unpublish } from './publishing.ts'
import { listReleases } from './release-list.ts'
import { findRelease, type ReleaseRow, releasesByIds } from './releases.ts'
import type { CatalogSettings, Ctx } from './settings.ts'
import { listTracks } from './track-list.ts'

type Needs = Ctx['needs']
const limit = z.coerce.number().int().min(1).max(1000).default(50)
const limitOption: [string, string] = ['--limit <count>', 'At most so many (50)']

interface ReleaseLine {
  slug: string
  title: string
  artists: string
  status: string
  visibility: string
  tracks: number
}
const lineOf = ({ slug, title, creditsJson, status, visibility, trackCount }: ReleaseRow): ReleaseLine => ({
  slug,
  title,
  artists: creditsJson
    .filter(({ role }) => role === 'main')
    .map(({ name }) => name)
    .join(', '),
  status,
  visibility,
  tracks: trackCount,
})
const textOf = ({ slug, title, artists, status, visibility, tracks }: ReleaseLine): string =>
  `${slug.padEnd(40)}  ${status.padEnd(9)}  ${visibility.padEnd(8)}  ${String(tracks).padStart(4)}  ${artists ? `${artists} - ` : ''}${title}`

const list = defineCommand<
  { limit: number; status?: ReleaseStatus | undefined },
  { items: ReleaseLine[] },
  CatalogSettings,
  Needs
>({
  name: 'release list',
  summary: 'Releases, newest release date first, drafts too',
  options: [limitOption, ['--status <status>', 'draft, scheduled or published']],
  input: z.strictObject({ limit, status: ReleaseStatus.optional() }),
  run: async ({ limit: most, status }, { db }) => {
    const rows: ReleaseRow[] = []
    let after: string | undefined
    do {
      const page = await listReleases(db, { level: 2, limit: 200, after })
      rows.push(...page.items.filter((row) => status === undefined || row.status === status))
      after = page.next ?? undefined
    } while (after !== undefined && rows.length < most)
    return { items: rows.slice(0, most).map(lineOf) }
  },
  text: ({ items }) => (items.length === 0 ? 'There are no such releases.' : items.map(textOf).join('\n')),
})

const publishCommand = defineCommand<
  { slug: string; at?: string | undefined },
  ReleaseLine,
  CatalogSettings,
  Needs
>({
  name: 'release publish',
  summary: 'Publish a release now, or at a time to come',
  args: [['slug', 'Last part of the release’s address']],
  options: [['--at <time>', 'As 2026-12-24T18:00:00Z']],
  input: z.strictObject({ slug: z.string(), at: z.iso.datetime({ offset: true }).optional() }),
  run: async ({ slug, at }, ctx) => {
    const releaseId = await idOf(ctx, slug)
    const time = at === undefined ? null : new Date(at).toISOString()
    return lineOf(await publish(ctx, { releaseId, actor: null, at: time }))
  },
  text: textOf,
})

const unpublishCommand = defineCommand<{ slug: string }, ReleaseLine, CatalogSettings, Needs>({
  name: 'release unpublish',
  summary: 'Make a release a draft again; its addresses stop playing',
  args: [['slug', 'Last part of the release’s address']],
  input: z.strictObject({ slug: z.string() }),
  run: async ({ slug }, ctx) => lineOf(await unpublish(ctx, await idOf(ctx, slug), null)),
  text: textOf,
})

interface TrackLine {
  id: string
  title: string
  release: string
  durationMs: number
  plays: number
  isReady: boolean
}

const trackList = defineCommand<
  { limit: number; q?: string | undefined; after?: string | undefined },
  { items: TrackLine[]; next: string | null },
  CatalogSettings,
  Needs
>({
  name: 'track list',
  summary: 'Tracks, newest first, hidden ones too',
  options: [
    limitOption,
    ['--q <words>', 'Only those with these words'],
    ['--after <id>', 'Only what comes after this track'],
  ],
  input: z.strictObject({ limit, q: z.string().optional(), after: Id.optional() }),
  run: async (wish, { db }) => {
    const { items, next } = await listTracks(db, { ...wish, level: 2, sort: 'newest' })
    const releases = await releasesByIds(
      db,
      items.map(({ releaseId }) => releaseId),
    )
    return {
      items: items.map(({ id, title, releaseId, durationMs, plays, isReady }) => ({
        id,
        title,
        release: releases.get(releaseId)?.slug ?? '',
        durationMs,
        plays,
        isReady,
      })),
      next,
    }
  },
  text: ({ items }) =>
    items.length === 0
      ? 'There are no such tracks.'
      : items.map(({ id, title, release }) => `${id}  ${release.padEnd(40)}  ${title}`).join('\n'),
})

async function idOf({ db }: Pick<Ctx, 'db'>, slug: string): Promise<string> {
  const release = await findRelease(db, slug)
  if (!release || release.trashedAt !== null) throw problem(notFound, `There is no release “${slug}”.`)
  return release.id
}

export const commands = [importCommand, list, publishCommand, unpublishCommand, trackList]
