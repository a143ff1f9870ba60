import { volumeFactor } from './gain.ts'
import { type Graph, glide, makeGraph } from './graph.ts'
import { Stage } from './stage.ts'
import type { StageOptions } from './stage-options.ts'
import type { PlayerSettings } from './types.ts'

/** A silent AudioContext keeps the sound card awake: after a while it may sleep. */
const idleMs = 15_000

/** The audio graph and the stage on it: made by the first play, as browsers forbid sound before. */
export class Sound {
  readonly #options: Omit<StageOptions, 'graph'>
  #graph: Graph | null = null
  #stage: Stage | null = null
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(options: Omit<StageOptions, 'graph'>) {
    this.#options = options
  }

  get stage(): Stage | null {
    return this.#stage
  }

  get analyser(): AnalyserNode | null {
    return this.#graph?.analyser ?? null
  }

  /** Call it in the click. */
  awake(settings: PlayerSettings): Stage {
    const stage = this.#stage ?? this.#make(settings)
    clearTimeout(this.#idle)
    if (this.#graph?.context.state === 'suspended') this.#graph.context.resume().catch(() => {})
    return stage
  }

  /** Ready for a click that may come. */
  open(settings: PlayerSettings): void {
    if (this.#stage) return
    this.#make(settings).open()
    this.rest()
  }

  rest(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.#graph?.context.suspend(), idleMs)
  }

  apply(settings: PlayerSettings): void {
    if (!this.#graph || !this.#stage) return
    const level = levelOf(settings)
    glide(this.#graph.volume.gain, level, this.#graph.context.currentTime, 0.03)
    this.#graph.equaliser.set(settings.equaliser)
    this.#stage.refresh(settings.speed, level)
  }

  #make(settings: PlayerSettings): Stage {
    this.#graph = makeGraph()
    this.#stage = new Stage({ ...this.#options, graph: this.#graph })
    this.#graph.volume.gain.value = levelOf(settings)
    this.apply(settings)
    return this.#stage
  }

  /** The sleep timer's fade. */
  curtain(level: number, seconds: number): void {
    if (this.#graph) glide(this.#graph.curtain.gain, level, this.#graph.context.currentTime, seconds)
  }

  dispose(): void {
    clearTimeout(this.#idle)
    this.#stage?.dispose()
    this.#graph?.context.close().catch(() => {})
  }
}

const levelOf = ({ volume, isMuted }: PlayerSettings) => (isMuted ? 0 : volumeFactor(volume))
