/** How a picture is told to keep step with the sound. */
export interface Step {
  rate: number
  /** Jump by so much instead. */
  seekMs: number | null
}

/** Beyond this a picture jumps; up to it, it goes a little faster or slower. */
export const jumpMs = 500
export const fastest = 0.05
/** So near is in step; a new correction begins only when it is further away. */
const inStepMs = 15
const outOfStepMs = 40
/** An error of this size asks for the whole 5 %. */
const fullMs = 100

/**
 * One step of a picture that follows the sound. `behindMs` is how late the picture is (negative: early), `rate` its rate
 * until now. Rates stay within 5 %, which nobody sees in a picture without sound.
 */
export function follow(behindMs: number, rate: number): Step {
  if (Math.abs(behindMs) > jumpMs) return { rate: 1, seekMs: behindMs }
  const isCorrecting = rate !== 1
  if (Math.abs(behindMs) <= (isCorrecting ? inStepMs : outOfStepMs)) return { rate: 1, seekMs: null }
  const wanted = (behindMs / fullMs) * fastest
  return { rate: 1 + Math.min(fastest, Math.max(-fastest, wanted)), seekMs: null }
}
