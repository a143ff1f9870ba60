import { createHash } from 'node:crypto'
import { type Account, type Db, isoTime } from '#sdk'
import type { Rule, TrackRules } from './contract.ts'
import { keyOf } from './text.ts'
import type { Condition } from './track-list.ts'

const dayMs = 86_400_000
/** No list has more. */
const most = 10_000
/** A prime: multiplied modulo it, no two numbers become one. */
const prime = 2 ** 31 - 1

export interface Asked {
  rules: TrackRules
  account: Pick<Account, 'id'> | null
  now?: Date
}

/** Ids of the tracks that the rules pick of those an account may find, in order. One statement. */
export async function pickTracks(db: Db, asked: Asked): Promise<string[]> {
  const { sql, bindings } = statement(asked)
  const rows = await db.raw<{ id: string; durationMs: number }[]>(sql, bindings as never)
  const { by, count } = asked.rules.limit
  if (by === 'tracks') return rows.map(({ id }) => id)
  let left = count * 60_000
  const ids: string[] = []
  for (const { id, durationMs } of rows) {
    left -= durationMs
    if (left < 0) break
    ids.push(id)
  }
  return ids
}

export function statement({
  rules: { match, rules, sort, limit },
  account,
  now = new Date(),
}: Asked): Condition {
  const mine = account ? own : nobodys
  // Texts last: comparing them costs most.
  const sorted = [...rules].sort((a, b) => Number(isText(a)) - Number(isText(b)))
  const conditions = sorted.map((rule) => conditionOf(rule, mine, now))
  const order = orderOf(sort, mine, { account, now })
  const joined = conditions.map(({ sql }) => `(${sql})`).join(match === 'all' ? ' and ' : ' or ')
  const level = account ? 1 : 0
  const needsMarks = account && /\bm\./.test(joined + order.sql)
  const marks = needsMarks ? 'left join catalog_marks m on m.track_id = t.id and m.account_id = ?' : ''
  const count = limit.by === 'tracks' ? limit.count : most
  // `+ 0` fits no index: reading the table through costs the same whatever the rules say, and less than by an index.
  return {
    sql: `select t.id, t.duration_ms from catalog_tracks t ${marks} where t.audience + 0 <= ${level}
      ${joined && `and (${joined})`} order by ${order.sql} limit ${Math.min(count, most)}`,
    bindings: [
      ...(needsMarks ? [account.id] : []),
      ...conditions.flatMap(({ bindings }) => bindings),
      ...order.bindings,
    ],
  }
}

/** What an account made of a track, as the statement says it; strangers made nothing of any. */
interface Mine {
  plays: string
  stars: string
  playedAt: string
  isFavourite: string
}
const own: Mine = {
  plays: 'coalesce(m.plays, 0)',
  stars: 'coalesce(m.stars, 0)',
  playedAt: `coalesce(m.played_at, '')`,
  isFavourite: 'coalesce(m.is_favourite, false)',
}
const nobodys: Mine = { plays: '0', stars: '0', playedAt: `''`, isFavourite: 'false' }

function conditionOf(rule: Rule, mine: Mine, now: Date): Condition {
  switch (rule.field) {
    case 'title':
    case 'artist':
    case 'release':
    case 'genre':
    case 'tag':
    case 'label':
    case 'key':
      return textCondition(rule)
    case 'addedAt':
    case 'releasedAt':
    case 'playedAtMine':
      return dateCondition(rule, mine, now)
    case 'isFavourite':
    case 'isExplicit':
    case 'isLossless': {
      const columns = {
        isFavourite: mine.isFavourite,
        isExplicit: 't.is_explicit',
        isLossless: 't.is_lossless',
      }
      return { sql: `${rule.value ? '' : 'not '}${columns[rule.field]}`, bindings: [] }
    }
    default:
      return numberCondition(rule, mine)
  }
}

const isText = ({ field }: Rule): boolean => field in textColumns

type TextRule = Extract<Rule, { is: 'is' | 'is-not' | 'contains' | 'begins'; value: string }>
const textColumns = {
  title: 't.title_plain',
  release: 't.release_key',
  genre: 't.genre_key',
  label: 't.label_key',
  key: `lower(coalesce(t.musical_key, ''))`,
  artist: 't.artist_keys',
  tag: 't.tag_keys',
}

function textCondition({ field, is, value }: TextRule): Condition {
  const column = textColumns[field]
  const key = keyOf(value)
  const isList = field === 'artist' || field === 'tag'
  if (!isList && (is === 'is' || is === 'is-not'))
    return { sql: `${column} ${is === 'is' ? '=' : '<>'} ?`, bindings: [key] }
  const inner = key.replace(/[!%_]/g, (sign) => `!${sign}`)
  // Each name of a list stands in a line of its own.
  const patterns = {
    is: `%\n${inner}\n%`,
    'is-not': `%\n${inner}\n%`,
    contains: `%${inner}%`,
    begins: isList ? `%\n${inner}%` : `${inner}%`,
  }
  const not = is === 'is-not' ? 'not ' : ''
  return { sql: `${column} ${not}like ? escape '!'`, bindings: [patterns[is]] }
}

type NumberRule = Exclude<Rule, TextRule | { value: boolean } | { is: 'within-days' | 'not-within-days' }>

function numberCondition(rule: NumberRule, mine: Mine): Condition {
  const columns = {
    bpm: 't.bpm',
    durationS: 't.duration_ms / 1000.0',
    year: 't.released_year',
    plays: 't.plays',
    playsMine: mine.plays,
    stars: mine.stars,
    loudnessLufs: 't.loudness_lufs',
  }
  const column = columns[rule.field]
  // What an integer column is compared to may be a fraction.
  const number = 'cast(? as double precision)'
  if (rule.is === 'between')
    return { sql: `${column} between ${number} and ${number}`, bindings: [rule.from, rule.to] }
  if (rule.is === 'is')
    // 128 means what is shown as 128.
    return {
      sql: `${column} >= ${number} and ${column} < ${number}`,
      bindings: [rule.value - 0.5, rule.value + 0.5],
    }
  return { sql: `${column} ${rule.is === 'at-least' ? '>=' : '<='} ${number}`, bindings: [rule.value] }
}

type DateRule = Extract<Rule, { is: 'within-days' | 'not-within-days' }>

function dateCondition({ field, is, value }: DateRule, mine: Mine, now: Date): Condition {
  const since = isoTime(new Date(now.getTime() - value * dayMs))
  const columns = {
    addedAt: 't.created_at',
    releasedAt: `coalesce(t.released_on, '')`,
    playedAtMine: mine.playedAt,
  }
  return {
    sql: `${columns[field]} ${is === 'within-days' ? '>=' : '<'} ?`,
    bindings: [field === 'releasedAt' ? since.slice(0, 10) : since],
  }
}

function orderOf(
  sort: TrackRules['sort'],
  mine: Mine,
  { account, now }: { account: Asked['account']; now: Date },
): Condition {
  if (sort === 'random') {
    const { times, plus } = seedOf(account, now)
    const chance = '(cast(t.chance as bigint) * cast(? as bigint) + cast(? as bigint))'
    return { sql: `${chance} % ${prime}, t.id`, bindings: [times, plus] }
  }
  const orders: Record<Exclude<TrackRules['sort'], 'random'>, string> = {
    newest: 't.id desc',
    oldest: 't.id',
    title: 't.title_key, t.id',
    artist: 't.artist_keys, t.title_key, t.id',
    'most-played': 't.plays desc, t.id desc',
    'least-played': 't.plays, t.id',
    // Strangers made nothing of any track: an order by a constant is none.
    'last-played': account ? `${mine.playedAt} desc, t.id desc` : 't.id desc',
    'best-rated': account ? `${mine.stars} desc, t.id desc` : 't.id desc',
    bpm: 't.bpm_order, t.id',
    duration: 't.duration_ms, t.id',
  }
  return { sql: orders[sort], bindings: [] }
}

/** Another order each day (UTC), and for each account. */
export function seedOf(account: Asked['account'], now: Date): { times: number; plus: number } {
  const day = now.toISOString().slice(0, 10)
  const digest = createHash('sha256')
    .update(`${day} ${account?.id ?? ''}`)
    .digest()
  return {
    times: (digest.readUInt32BE(0) % (prime - 1)) + 1,
    plus: digest.readUInt32BE(4) % prime,
  }
}
