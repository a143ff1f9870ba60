import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { identity } from '#contract'
import { asProblem, call, invalidate, me, toast, useChannel } from '#web'
import { editDocument, getPlaylist, liveChannel, type Playlist, syncDocument } from '../../contract.ts'
import type { LiveList, Wire } from './live-list.ts'

type Person = identity.Person
interface Here {
  person: Person
  at: number
}
const hereMs = 20_000
const goneMs = 45_000
const mostFrameBytes = 40_000

export interface Live {
  /** Null for who may not edit, and until the document is there. */
  list: LiveList | null
  isOffline: boolean
  /** Other editors who look at it now. */
  here: Person[]
}

/** Keeps the page in the playlist’s room; editors get its document, everybody else loads it anew when it changes. */
export function useLive(playlist: Playlist, reload: () => void): Live {
  const { id, room, can } = playlist
  const [list, setList] = useState<LiveList | null>(null)
  const [here, setHere] = useState<ReadonlyMap<string, Here>>(new Map())
  const later = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const missed = useRef(false)
  // What was said while the document was on its way here.
  useEffect(() => {
    if (!list || !missed.current) return
    missed.current = false
    list.catchUp().catch(() => undefined)
  }, [list])
  const reloadSoon = () => {
    clearTimeout(later.current)
    later.current = setTimeout(reload, 400)
  }
  const sayHere = (asks: boolean) => {
    if (can.edit) channel.send('here', { asks }).catch(() => undefined)
  }
  const channel = useChannel(liveChannel, me.value ? { id, room } : null, {
    edited: ({ version, update }) => {
      if (!can.edit) reloadSoon()
      else if (list) list.heard(version, update)
      else missed.current = true
    },
    changed: reload,
    here: ({ connectionId, person, asks }) => {
      if (person.id === me.value?.id) return
      setHere((before) => new Map(before).set(connectionId, { person, at: Date.now() }))
      if (asks) sayHere(false)
    },
    left: ({ connectionId }) =>
      setHere((before) => new Map([...before].filter(([other]) => other !== connectionId))),
    onJoin: () => {
      list?.catchUp().catch(() => undefined)
    },
  })
  const isIn = channel.state === 'joined'
  // Also who becomes an editor while the page is in the room.
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once each time, by whatever function is newest
  useEffect(() => {
    if (isIn && can.edit) sayHere(true)
  }, [isIn, can.edit])
  const send = useRef(channel.send)
  send.current = channel.send
  const wire = useMemo(() => wireOf(id, (update) => send.current('edit', { update })), [id])
  useDocument(can.edit, wire, setList)
  useEffect(() => {
    const timer = setInterval(() => {
      sayHere(false)
      const since = Date.now() - goneMs
      setHere((before) => new Map([...before].filter(([, { at }]) => at > since)))
    }, hereMs)
    return () => clearInterval(timer)
  })
  const people = new Map([...here.values()].map(({ person }) => [person.id, person]))
  return { list, isOffline: can.edit && channel.state === 'offline', here: [...people.values()] }
}

/** The document, with Yjs, is loaded for who may edit alone. */
function useDocument(isEditor: boolean, wire: Wire, setList: (list: LiveList | null) => void): void {
  useEffect(() => {
    if (!isEditor) return undefined
    let opened: LiveList | null = null
    let isGone = false
    const start = async () => {
      const { openLiveList } = await import('./live-list.ts')
      const made = openLiveList(wire)
      await made.catchUp()
      opened = made
      if (isGone) made.close()
      else setList(made)
    }
    start().catch((error: unknown) => toast(asProblem(error).message, { tone: 'bad' }))
    return () => {
      isGone = true
      opened?.close()
      setList(null)
    }
  }, [isEditor, wire, setList])
}

function wireOf(id: string, bySocket: (update: string) => Promise<unknown>): Wire {
  const byRequest = (update: Uint8Array) =>
    call(editDocument, {
      params: { id },
      body: new Blob([update as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' }),
    })
  return {
    sync: (vector) => call(syncDocument, { params: { id }, body: { vector } }),
    async send(update) {
      const { toBase64 } = await import('./live-list.ts')
      if (update.length > mostFrameBytes) await byRequest(update)
      else
        await bySocket(toBase64(update)).catch((error: unknown) => {
          // A network without WebSockets must not keep anybody from editing.
          if (asProblem(error).isOffline) return byRequest(update)
          throw error
        })
    },
    isRefusal(error) {
      const { status } = asProblem(error)
      return status >= 400 && status < 500 && status !== 408 && status !== 429
    },
    refused(error) {
      toast(asProblem(error).message, { tone: 'bad' })
      invalidate(getPlaylist)
    },
  }
}
