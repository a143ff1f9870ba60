import { type ComponentChildren, createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import { useQuery } from '#web'
import { listEmotes } from '../contract.ts'

/** Addresses of the label's emotes by name. */
export const Emotes = createContext<ReadonlyMap<string, string>>(new Map())

/** Texts inside show the label's emotes in place of their names. */
export function WithEmotes({ children }: { children: ComponentChildren }) {
  const { data } = useQuery(listEmotes, {}, { freshMs: 60_000 })
  const urls = useMemo(() => new Map(data?.items.map(({ name, url }) => [name, url])), [data])
  return <Emotes.Provider value={urls}>{children}</Emotes.Provider>
}

export const useEmotes = (): ReadonlyMap<string, string> => useContext(Emotes)
