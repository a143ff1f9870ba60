import { type Equaliser, makeEqualiser } from './equaliser.ts'

/** From the decks to the loudspeaker. */
export interface Graph {
  context: AudioContext
  equaliser: Equaliser
  analyser: AnalyserNode
  /** Of the sleep timer: falls at the end of the evening. */
  curtain: GainNode
  volume: GainNode
}

/** equaliser and limiter -> analyser -> curtain -> volume -> loudspeaker; decks connect to the equaliser. */
export function makeGraph(): Graph {
  const context = new AudioContext({ latencyHint: 'playback' })
  const equaliser = makeEqualiser(context)
  const analyser = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0.8 })
  const curtain = new GainNode(context)
  const volume = new GainNode(context)
  equaliser.output.connect(analyser).connect(curtain).connect(volume).connect(context.destination)
  return { context, equaliser, analyser, curtain, volume }
}

/** Moves a level without a click, from whatever it is now. */
export function glide(param: AudioParam, to: number, now: number, seconds: number): void {
  const from = param.value
  param.cancelScheduledValues(now)
  param.setValueAtTime(from, now)
  param.linearRampToValueAtTime(to, now + seconds)
}
