import { isLrc, plainOfLrc } from './lyrics.ts'
import { peopleOf, split } from './people.ts'
import type { Field, Values } from './tag-fields.ts'
import { line, lines } from './text.ts'
import { type TextLimits, takeNames, textLimits } from './text-limits.ts'
import type { ReadCover, ReadTags } from './types.ts'
import { bpmOf, dateOf, explicitOf, isrcOf, keyOf, noticesOf, numberOf, upcOf } from './values.ts'

const longest = { title: 200, name: 120, notice: 200, lyrics: 20_000, comment: 2000, licence: 500 }

/** The values of all tags of a file as the rest of the library wants them. */
export function normalTags(values: Values, cover: ReadCover | null, warnings: Set<string>): ReadTags {
  const limits = textLimits(warnings)
  const text = (field: Field, length: number) => one(values, field, length, limits)
  return {
    title: text('title', longest.title),
    album: text('album', longest.title),
    ...peopleOf(values, limits),
    ...numbersOf(values),
    releaseDate: releaseDateOf(values),
    genres: takeNames(split(values.get('genre')), limits),
    tags: takeNames(split(values.get('tag')), limits),
    ...codesOf(values),
    catalogNumber: text('catalogNumber', longest.name),
    label: text('label', longest.name),
    ...notices(values, limits),
    ...lyricsOf(values, limits),
    licence: text('licence', longest.licence),
    isExplicit: firstOf(values, 'explicit', explicitOf),
    isCompilation: firstOf(values, 'compilation', explicitOf) ?? false,
    comment: limited(lines(values.get('comment')?.[0] ?? ''), longest.comment, limits),
    cover,
    // All that could warn has been read by now.
    warnings: [...warnings],
  }
}

function one(values: Values, field: Field, length: number, limits: TextLimits): string | null {
  const found = values
    .get(field)
    ?.map(line)
    .find((value) => value !== '')
  return limited(found ?? '', length, limits)
}

const limited = (text: string, length: number, limits: TextLimits) => limits.text(text, length) || null

/** What the first value that can be understood means. */
function firstOf<T>(values: Values, field: Field, understand: (text: string) => T | null): T | null {
  for (const value of values.get(field) ?? []) {
    const understood = understand(line(value))
    if (understood !== null) return understood
  }
  return null
}

function numbersOf(values: Values) {
  const number = (field: Field) => firstOf(values, field, (text) => numberOf(text).number)
  const total = (field: Field) => firstOf(values, field, (text) => numberOf(text).total)
  return {
    trackNumber: number('track'),
    trackTotal: number('trackTotal') ?? total('track'),
    discNumber: number('disc'),
    discTotal: number('discTotal') ?? total('disc'),
  }
}

function codesOf(values: Values) {
  return {
    bpm: firstOf(values, 'bpm', bpmOf),
    key: firstOf(values, 'key', keyOf),
    isrc: firstOf(values, 'isrc', isrcOf),
    upc: firstOf(values, 'upc', upcOf),
  }
}

/** The day of ID3v2.3 stands beside its year, as `DDMM`. */
function releaseDateOf(values: Values): string | null {
  const [, day, month] = /^(\d{2})(\d{2})$/.exec(values.get('dayMonth')?.[0] ?? '') ?? []
  const year = firstOf(values, 'year', dateOf)
  const withDay = year?.length === 4 && day ? dateOf(`${year}-${month}-${day}`) : year
  return (
    firstOf(values, 'releaseDate', dateOf) ??
    firstOf(values, 'date', dateOf) ??
    withDay ??
    firstOf(values, 'originalDate', dateOf)
  )
}

function notices(values: Values, limits: TextLimits) {
  const { cLine, pLine } = noticesOf(line(values.get('copyright')?.[0] ?? ''))
  return {
    cLine: limited(cLine ?? '', longest.notice, limits),
    pLine: one(values, 'pLine', longest.notice, limits) ?? limited(pLine ?? '', longest.notice, limits),
  }
}

function lyricsOf(values: Values, limits: TextLimits) {
  const [plain, timed] = [
    lines(values.get('lyrics')?.[0] ?? ''),
    lines(values.get('syncedLyrics')?.[0] ?? ''),
  ]
  const synced = isLrc(timed) ? timed : isLrc(plain) ? plain : ''
  const lyrics = plain && !isLrc(plain) ? plain : plainOfLrc(synced)
  return {
    lyrics: limited(lyrics, longest.lyrics, limits),
    syncedLyrics: limited(synced, longest.lyrics, limits),
  }
}
