import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '#web'
import { type Item, listItems, type Playlist } from '../../contract.ts'
import type { LiveList } from './live-list.ts'

/** A place as it is shown; `item` is undefined until what is known of it has come. */
export interface Row {
  id: string
  trackId: string
  item: Item | undefined
}
export interface Rows {
  rows: Row[]
  /** All of them, also those that are not shown yet. */
  count: number
  hasMore: boolean
  more(): void
  /** Told ahead of the server of a place that was just added here. */
  learn(item: Item): void
}

const shownAtFirst = 100
const shownMore = 200

/** The places of a playlist: of the document where there is one, else page by page from the server. */
export function useRows(playlist: Playlist, list: LiveList | null, key: string | undefined): Rows {
  const [known, setKnown] = useState<ReadonlyMap<string, Item>>(new Map())
  const [shown, setShown] = useState(shownAtFirst)
  const [further, setFurther] = useState<{ of: Item[]; items: Item[]; next: string | null } | null>(null)
  const learn = (items: readonly Item[]) =>
    setKnown((before) => new Map([...before, ...items.map((item) => [item.id, item] as const)]))
  // biome-ignore lint/correctness/useExhaustiveDependencies: learned once for each answer
  useEffect(() => learn(playlist.items), [playlist.items])
  const places = list?.places.value
  const rows: Row[] = places
    ? places.slice(0, shown).map(({ id, trackId }) => ({ id, trackId, item: known.get(id) }))
    : [...playlist.items, ...(further?.of === playlist.items ? further.items : [])].map((item) => ({
        id: item.id,
        trackId: item.trackId,
        item,
      }))
  useMissing(playlist.id, rows, list?.waiting.value ?? 0, learn)
  const next = further?.of === playlist.items ? further.next : playlist.next
  const more = async () => {
    if (places) return setShown(shown + shownMore)
    if (!next) return
    const query = { after: next, limit: 100, key }
    const page = await call(listItems, { params: { id: playlist.id }, query })
    const before = further?.of === playlist.items ? further.items : []
    setFurther({ of: playlist.items, items: [...before, ...page.items], next: page.next })
  }
  return {
    rows,
    count: places?.length ?? playlist.trackCount,
    hasMore: places ? places.length > shown : next !== null,
    more: () => void more(),
    learn: (item) => learn([item]),
  }
}

/** Asks for what is not known of the shown places, a hundred at a time; not again and again for what nobody has. */
function useMissing(id: string, rows: Row[], waiting: number, learn: (items: Item[]) => void): void {
  const asked = useRef(new Map<string, number>())
  const missing = rows
    .filter(({ id, item }) => !item && (asked.current.get(id) ?? 0) < 3)
    .slice(0, 100)
    .map(({ id }) => id)
    .join(',')
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the server has taken what waited
  useEffect(() => {
    if (missing === '' || waiting > 0) return undefined
    const timer = setTimeout(() => {
      for (const one of missing.split(',')) asked.current.set(one, (asked.current.get(one) ?? 0) + 1)
      call(listItems, { params: { id }, query: { ids: missing } }).then(
        ({ items }) => learn(items),
        () => undefined,
      )
    }, 60)
    return () => clearTimeout(timer)
  }, [id, missing, waiting])
}
