import { asProblem, call, type Room as LiveRoom } from '#web'
import { type Message, postMessage, type roomChannel } from '../contract.ts'
import { newClientId } from './client-id.ts'
import type { Store } from './store.ts'
import { withDraft, withFailure, withMessages, withoutDraft } from './timeline.ts'

export interface Sending {
  send(text: string): void
  /** Sends a draft that failed again, under its clientId: it cannot be stored twice. */
  resend(clientId: string): void
  discard(clientId: string): void
}

/** Sends by the socket where it is joined, by a request elsewhere; the text stays on the page until it is stored. */
export function useSending(
  { slug, myId, newest, update }: Store,
  room: LiveRoom<(typeof roomChannel)['commands']>,
): Sending & { sendAgain(): void } {
  const deliver = async (clientId: string, text: string) => {
    update((now) => withDraft(now, { clientId, text, state: 'sending', reason: null }))
    try {
      const body = { text, clientId }
      const stored =
        room.state === 'joined'
          ? ((await room.send('say', body)) as Message)
          : await call(postMessage, { params: { slug }, body })
      update((now) => withMessages(now, [stored], myId))
    } catch (reason) {
      update((now) => withFailure(now, clientId, asProblem(reason).problem))
    }
  }
  const resend = (clientId: string) => {
    const draft = newest.current.drafts.find((each) => each.clientId === clientId)
    if (draft) void deliver(clientId, draft.text)
  }
  return {
    send: (text) => void deliver(newClientId(), text),
    resend,
    discard: (clientId) => update((now) => withoutDraft(now, clientId)),
    sendAgain: () => {
      for (const draft of newest.current.drafts) if (draft.reason === 'offline') resend(draft.clientId)
    },
  }
}
