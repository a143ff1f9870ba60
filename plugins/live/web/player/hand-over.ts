import type { Deck } from './deck.ts'

const readyWithinMs = 12_000
const fadeMs = 60
/** `HTMLMediaElement.HAVE_CURRENT_DATA`: this picture, and nothing after it. */
const haveCurrentData = 2
const stepMs = 30
/** Sound that is nearer than this is heard as one while it is faded. */
const alignWithin: Chase = { toMs: 12, times: 2, withinMs: 2_500 }

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Something is shown, and it can go on to be shown while another gets into step with it. */
export function canGoOnFrom({ readyState, ended }: Pick<HTMLMediaElement, 'readyState' | 'ended'>): boolean {
  return readyState >= haveCurrentData && !ended
}

/** What an element that was told to play does. */
export const isHeld = ({ readyState }: Pick<HTMLMediaElement, 'readyState'>) => readyState <= haveCurrentData

/** How a deck's own date becomes that of the main camera. */
export type Clock = (deck: Deck) => number | null

/**
 * Brings a silent deck into step with the one that is heard. Nobody sees or hears it meanwhile, so it may run at any
 * rate. False when it could not.
 */
export async function align(next: Deck, old: Deck, clock: Clock): Promise<boolean> {
  if (!(await next.ready(readyWithinMs))) return false
  if (old.media.paused) return place(next, old, clock)
  await next.media.play().catch(() => undefined)
  return chase(next, () => (old.stop.signal.aborted ? null : behind(next, old, clock)), alignWithin)
}

interface Chase {
  /** So near is near enough. */
  toMs: number
  /** In so many looks one after the other. */
  times: number
  /** It goes on as it is after that. */
  withinMs: number
}

/** Lets a deck that nobody sees or hears run faster or slower until it is in step. */
export async function chase(deck: Deck, behindMs: () => number | null, goal: Chase): Promise<boolean> {
  const { media, stop } = deck
  const until = performance.now() + goal.withinMs
  let inStep = 0
  while (performance.now() < until && !stop.signal.aborted) {
    const late = behindMs()
    if (late === null) return false
    inStep = Math.abs(late) <= goal.toMs ? inStep + 1 : 0
    if (inStep >= goal.times) break
    if (Math.abs(late) > 600) jump(deck, late)
    else media.playbackRate = 1 + Math.min(1, Math.max(-0.5, late / 120))
    await wait(stepMs)
  }
  media.playbackRate = 1
  return !stop.signal.aborted
}

function behind(next: Deck, old: Deck, clock: Clock): number | null {
  const [here, there] = [clock(next), clock(old)]
  return here === null || there === null ? null : there - here
}

/** Only within what is loaded: elsewhere it would wait, and be further behind. */
function jump(next: Deck, behindMs: number): void {
  if (next.media.seeking) return
  const wanted = next.media.currentTime + behindMs / 1000
  const { buffered } = next.media
  for (let index = 0; index < buffered.length; index += 1)
    if (wanted >= buffered.start(index) && wanted < buffered.end(index) - 0.1) next.media.currentTime = wanted
}

async function place(next: Deck, old: Deck, clock: Clock): Promise<boolean> {
  const behindMs = behind(next, old, clock)
  if (behindMs !== null && Math.abs(behindMs) > 20) next.media.currentTime += behindMs / 1000
  return next.ready(readyWithinMs)
}

/** The sound goes over from one to the other within a few hundredths of a second, without a gap or a click. */
export async function fade(old: Deck, next: Deck, volume: number): Promise<void> {
  const started = performance.now()
  next.media.volume = 0
  next.media.muted = false
  for (;;) {
    const share = Math.min(1, (performance.now() - started) / fadeMs)
    next.media.volume = volume * share
    old.media.volume = volume * (1 - share)
    if (share === 1 || next.stop.signal.aborted) break
    await wait(8)
  }
  old.media.muted = true
}
