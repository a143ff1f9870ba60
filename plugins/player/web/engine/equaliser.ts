/** ISO octave bands in Hz. */
export const bands: readonly number[] = [31.25, 62.5, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000]

/** dB per band; the page names them. */
export const presets = {
  flat: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  bass: [6, 5, 4, 2, 0, 0, 0, 0, 0, 0],
  treble: [0, 0, 0, 0, 0, 1, 2, 4, 5, 6],
  voice: [-4, -3, -1, 1, 3, 4, 3, 2, 0, -2],
  club: [4, 4, 2, 0, -1, -1, 0, 2, 3, 3],
  small: [5, 5, 4, 2, 0, 0, 1, 2, 3, 3],
  night: [-6, -4, -2, 0, 1, 2, 2, 1, -1, -3],
} as const satisfies Record<string, readonly number[]>

const threshold = -2
const ratio = 20
/** Web Audio's compressor raises all by its make-up gain, (1 / gain at full scale) ^ 0.6: taken back here. */
const makeUpDb = 0.6 * -threshold * (1 - 1 / ratio)

export interface Equaliser {
  input: AudioNode
  output: AudioNode
  set(gains: readonly number[]): void
}

/** Ten peaking filters an octave wide, out of the path while flat; a limiter is behind them while one boosts. */
export function makeEqualiser(context: AudioContext): Equaliser {
  const input = new GainNode(context)
  const output = new GainNode(context)
  const filters = bands.map(
    (frequency) => new BiquadFilterNode(context, { type: 'peaking', frequency, Q: Math.SQRT2, gain: 0 }),
  )
  const limiter = new DynamicsCompressorNode(context, {
    threshold,
    ratio,
    knee: 0,
    attack: 0.001,
    release: 0.1,
  })
  const takeBack = new GainNode(context, { gain: 10 ** (-makeUpDb / 20) })
  for (const [at, filter] of filters.entries()) filters[at + 1]?.connect(filter)
  const [last, first] = [filters[0]!, filters.at(-1)!]
  limiter.connect(takeBack).connect(output)
  input.connect(output)

  let path: 'flat' | 'cut' | 'boost' = 'flat'
  const set = (gains: readonly number[]) => {
    for (const [at, filter] of filters.entries())
      filter.gain.setTargetAtTime(gains[at] ?? 0, context.currentTime, 0.02)
    const wanted = gains.some((gain) => gain > 0) ? 'boost' : gains.some((gain) => gain < 0) ? 'cut' : 'flat'
    if (wanted === path) return
    input.disconnect()
    last.disconnect()
    if (wanted === 'flat') input.connect(output)
    else {
      input.connect(first)
      last.connect(wanted === 'boost' ? limiter : output)
    }
    path = wanted
  }
  return { input, output, set }
}
