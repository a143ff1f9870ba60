import type { Frame, Page } from 'playwright-core'
import type { Visitor } from '../kit/browser.ts'
import { eventually } from '../kit/wait.ts'

/** What reaches the loudspeaker at this moment. */
export interface Heard {
  /** Root mean square of the samples, 0 for silence. */
  level: number
  /** Seconds played by all the page's players together. */
  playedS: number
}

interface Ear {
  analysers: AnalyserNode[]
  players: HTMLMediaElement[]
}
type Eared = typeof globalThis & { ear: Ear }

/** Puts an ear before the loudspeaker of every page the visitor opens from now on. */
export async function giveEars({ context }: Visitor): Promise<void> {
  await context.addInitScript(() => {
    const ear: Ear = { analysers: [], players: [] }
    Object.assign(globalThis, { ear })
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => AudioNode
    AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) {
        const analyser = new AnalyserNode(this.context, { fftSize: 2048 })
        connect.call(this, analyser)
        ear.analysers.push(analyser)
      }
      return connect.apply(this, to)
    } as typeof AudioNode.prototype.connect
    const { play } = HTMLMediaElement.prototype
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      if (!ear.players.includes(this)) ear.players.push(this)
      return play.call(this)
    }
  })
}

/** Listens on a page, or in a frame of it. */
export function listenOn(place: Page | Frame): Promise<Heard> {
  return place.evaluate(() => {
    const { analysers, players } = (globalThis as Eared).ear
    const levels = analysers.map((analyser) => {
      const samples = new Float32Array(analyser.fftSize)
      analyser.getFloatTimeDomainData(samples)
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
    })
    const played = players.flatMap((player) =>
      Array.from(
        { length: player.played.length },
        (_none, at) => player.played.end(at) - player.played.start(at),
      ),
    )
    return { level: Math.max(0, ...levels), playedS: played.reduce((sum, seconds) => sum + seconds, 0) }
  })
}

/** Waits until there is sound, and it goes on. */
export async function hears(visitor: Visitor, place: Page | Frame = visitor.page): Promise<void> {
  const isLoud = async () => {
    const heard = await listenOn(place)
    return heard.level > 0.02 ? heard : null
  }
  const first = await eventually(`${visitor.name} to hear something`, isLoud)
  await eventually(`${visitor.name} to hear it go on`, async () => {
    const now = await isLoud()
    return now && now.playedS > first.playedS + 0.3
  })
}

/** Waits until it is silent. */
export async function hearsNothing(visitor: Visitor): Promise<void> {
  await eventually(
    `${visitor.name} to hear nothing`,
    async () => (await listenOn(visitor.page)).level < 0.001,
  )
}

/** Waits until the page's player itself, which no audio graph follows, gives a sound that is not turned off. */
export async function hearsPlayer(visitor: Visitor): Promise<void> {
  await eventually(`${visitor.name} to hear the player`, async () => (await playerLevel(visitor.page)) > 0.02)
}

function playerLevel(page: Page): Promise<number> {
  return page.evaluate(async () => {
    type Captured = HTMLVideoElement & { captureStream(): MediaStream }
    const player = document.querySelector<Captured>('.player video')
    if (!player || player.muted || player.volume === 0 || player.paused) return 0
    const sound = player.captureStream()
    if (sound.getAudioTracks().length === 0) return 0
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 2048 })
    context.createMediaStreamSource(sound).connect(analyser)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const samples = new Float32Array(analyser.fftSize)
    analyser.getFloatTimeDomainData(samples)
    await context.close()
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
  })
}
