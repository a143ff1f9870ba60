import { printable } from './names.ts'

interface Skipped {
  /** Below the imported folder. */
  path: string
  reason: string
}

/** What `--json` prints, and nothing else. */
export interface ImportResult {
  /** Files with a sound: those below, and those whose sound cannot be used. */
  found: number
  imported: number
  /** In the library already, moved and retagged ones too. */
  known: number
  skipped: Skipped[]
  /** For the summary; a symbol is no part of the JSON. */
  [more]: More
}

export const more = Symbol('more')
interface More {
  isDry: boolean
  visibility: string
  releases: number
  scheduled: number
  /** Releases that got tracks beside those they had. */
  extended: number
  withoutArtist: number
  moved: number
  retagged: number
  /** Tracks that do not play yet. */
  waiting: number
}

export const newResult = (isDry: boolean, visibility: string): ImportResult => ({
  found: 0,
  imported: 0,
  known: 0,
  skipped: [],
  [more]: {
    isDry,
    visibility,
    releases: 0,
    scheduled: 0,
    extended: 0,
    withoutArtist: 0,
    moved: 0,
    retagged: 0,
    waiting: 0,
  },
})

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
const shownPerReason = 5

/** For a person: the figures, what became of them, and what was skipped by reason. */
export function textOf(result: ImportResult): string {
  const { found, imported, known, skipped } = result
  const said = result[more]
  const done = said.isDry ? 'would be imported' : 'imported'
  const lines = [
    `${count(found, 'audio file')} found: ${imported} ${done}, ${known} known, ${found - imported - known} unusable.`,
    ...releaseLines(said),
  ]
  if (said.moved > 0)
    lines.push(
      `${count(said.moved, 'file')} moved or renamed: the tracks stay, with their plays and playlists.`,
    )
  if (said.retagged > 0)
    lines.push(`${count(said.retagged, 'file')} with other tags: the tracks stay as they are in the library.`)
  if (said.waiting > 0)
    lines.push(
      `${count(said.waiting, 'track')} still to be made playable; a running server does it, or --wait.`,
    )
  return [...lines, ...skippedLines(skipped)].join('\n')
}

function releaseLines(said: More): string[] {
  const { releases, isDry, visibility, scheduled, extended, withoutArtist } = said
  const lines: string[] = []
  if (releases > 0) {
    const done = isDry ? 'would be made' : 'made'
    const how =
      visibility === 'draft'
        ? 'as drafts'
        : `published for ${audience[visibility]} as soon as the tracks play`
    lines.push(`${count(releases, 'release')} ${done}, ${how}.`)
  }
  if (scheduled > 0) lines.push(`${count(scheduled, 'release')} with a date to come: published on that day.`)
  if (withoutArtist > 0)
    lines.push(`${count(withoutArtist, 'release')} without an artist stay drafts: name one, then publish.`)
  if (extended > 0) lines.push(`${count(extended, 'release')} got further tracks.`)
  return lines
}

const audience: Record<string, string> = {
  public: 'everybody',
  members: 'members',
  private: 'their editors alone',
}

function skippedLines(skipped: readonly Skipped[]): string[] {
  if (skipped.length === 0) return []
  const groups = Map.groupBy(skipped, ({ path, reason }) => reason.replace(nameOf(path), '…'))
  const lines = [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .flatMap(([reason, items]) => {
      const shown = items.slice(0, shownPerReason).map(({ path }) => `    ${printable(path)}`)
      const rest = items.length - shown.length
      return [
        `  ${items.length} × ${printable(reason)}`,
        ...shown,
        ...(rest > 0 ? [`    and ${rest} more (all of them with --json)`] : []),
      ]
    })
  return ['', `Skipped: ${skipped.length}`, ...lines]
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
