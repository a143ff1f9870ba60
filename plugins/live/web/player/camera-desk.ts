import type { Angle, Playback } from '../../contract.ts'
import type { Deck } from './deck.ts'
import { type Lost, type PictureFigures, Pictures } from './pictures.ts'
import type { PlayerState } from './player-state.ts'
import { isSameMedia } from './source.ts'

interface Options {
  screen: HTMLElement
  soundMs(): number | null
  isRunning(): boolean
  isLive(): boolean
}

const againAfterMs = 10_000
const backForMs = 6_000
/** An offset that was measured this little better changes nothing that is seen. */
const worthMs = 40

/** The picture of the camera that was chosen, what is said when it is away, and the way back to it. */
export class CameraDesk {
  readonly #state: PlayerState
  readonly #pictures: Pictures
  #wanted: Angle | null = null
  #main: string | null = null
  /** Titles by number, for cameras that are away. */
  readonly #titles = new Map<number, string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(state: PlayerState, options: Options) {
    this.#state = state
    this.#pictures = new Pictures({
      ...options,
      shown: (isShown) => this.#shown(isShown),
      lost: (angle, why) => this.#lost(angle, why),
    })
  }

  get deck(): Deck | null {
    return this.#pictures.deck
  }
  get figures(): PictureFigures {
    return this.#pictures.figures
  }

  warm(angle: Angle): void {
    if (angle.hls !== this.#main) this.#pictures.warm(angle)
  }

  /** Lays this camera's picture over what plays; null for none. */
  lay(wanted: Angle | null, { angles }: Playback): void {
    clearTimeout(this.#timer)
    this.#main = angles[0]?.hls ?? null
    for (const { camera, title } of angles) this.#titles.set(camera, title)
    this.#wanted = wanted
    this.#tellAway(angles)
    const shown = this.#pictures.angle
    if (!wanted) {
      if (shown) this.#pictures.hide()
    } else if (!shown || !isSameMedia(shown.hls, wanted.hls)) void this.#pictures.show(wanted)
    else if (Math.abs(shown.offsetMs - wanted.offsetMs) >= worthMs) this.#pictures.renew(wanted)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#pictures.close()
  }

  #tellAway(angles: readonly Angle[]): void {
    const { camera, notice } = this.#state
    const number = camera.peek()
    if (number === null) return
    const isThere = angles.some((angle) => angle.camera === number)
    if (!isThere) this.#tell('away', number)
    else if (isLoss(notice.peek()?.kind) && this.#wanted === null) notice.value = null
  }

  #tell(kind: Lost | 'back', camera: number): void {
    const { notice } = this.#state
    if (notice.peek()?.kind === kind) return
    const angle = { camera, title: this.#titles.get(camera) ?? '' }
    this.#state.say({ kind, angle }, kind === 'back' ? backForMs : undefined)
  }

  #shown(isShown: boolean): void {
    this.#state.isPictureShown.value = isShown
    const angle = this.#wanted
    if (isShown && angle && isLoss(this.#state.notice.peek()?.kind)) this.#tell('back', angle.camera)
  }

  /** Its media ended or does not come: the main picture is there, and it is tried again. */
  #lost(angle: Angle, why: Lost): void {
    // Who went back to the main picture meanwhile misses nothing.
    const isChosen = this.#state.camera.peek() === angle.camera
    if (isChosen && angle.hls !== this.#main) this.#tell(why, angle.camera)
    this.#timer = setTimeout(() => {
      const wanted = this.#wanted
      if (wanted && !this.#pictures.angle) void this.#pictures.show(wanted)
    }, againAfterMs)
  }
}

const isLoss = (kind: string | undefined) => kind === 'away' || kind === 'late'
