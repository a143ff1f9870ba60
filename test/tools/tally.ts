/** One line of the closing table. `output` is shown when something in it failed. */
export type Result = {
  name: string
  ms: number
  /** Work of the processors, as far as it is known: that of grandchildren that outlived their parents is not. */
  cpuMs: number
  passed: number
  failed: number
  output: string
  /** Failed beside the others and passed alone. */
  isShaky?: boolean
}

/** Counts results, prints failures as they come and the table at the end. */
export class Tally {
  readonly #results: Result[] = []
  readonly #write: (text: string) => void

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** Counts a result and says at once how it went. */
  add(result: Result): void {
    this.#results.push(result)
    if (result.isShaky) {
      this.#write(`shaky ${result.name} (failed beside the others, passed alone)\n${indent(result.output)}\n`)
      return
    }
    const verdict = result.failed > 0 ? `${result.failed} failed, ` : ''
    this.#write(
      `${result.failed > 0 ? 'FAIL' : 'ok  '} ${result.name} (${verdict}${result.passed} passed, ${seconds(result.ms)})\n`,
    )
    if (result.failed > 0 && result.output.trim() !== '') this.#write(`${indent(result.output)}\n`)
  }

  /** Adds a step that counts as one. */
  step(name: string, ok: boolean, output: string, ms: number): void {
    this.add({ name, ms, cpuMs: 0, passed: ok ? 1 : 0, failed: ok ? 0 : 1, output })
  }

  /** Prints the table and the closing line; true when the run is good. */
  close(totalMs: number): boolean {
    const width = Math.max(0, ...this.#results.map(({ name }) => name.length))
    const slowest = [...this.#results].sort((a, b) => b.ms - a.ms)
    this.#write('\n')
    for (const { name, ms, cpuMs, passed, failed } of slowest) {
      this.#write(
        `${name.padEnd(width)} ${seconds(ms).padStart(8)} ${seconds(cpuMs).padStart(8)} of work ${pad(passed)} passed ${pad(failed)} failed\n`,
      )
    }
    const passed = this.#results.reduce((sum, result) => sum + result.passed, 0)
    const failed = this.#results.reduce((sum, result) => sum + result.failed, 0)
    const broken = this.#results.filter((result) => result.failed > 0).map(({ name }) => name)
    const shaky = this.#results.filter((result) => result.isShaky).map(({ name }) => name)
    if (shaky.length > 0) this.#write(`\nShaky, to be mended: ${shaky.join(', ')}\n`)
    if (broken.length > 0) this.#write(`\nFailed: ${broken.join(', ')}\n`)
    this.#write(`\nTook ${seconds(totalMs)}\n${passed} passed, ${failed} failed\n`)
    return passed > 0 && failed === 0
  }
}

const pad = (count: number) => String(count).padStart(5)

/** Milliseconds as seconds with one decimal. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ')
}
