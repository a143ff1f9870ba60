/** With fewer publishers than this every frame is read as it comes. */
const fromPublishers = 4

/**
 * Gathers reads when many publish. Each frame of each publisher would wake the process for itself, and waking costs
 * more than reading; so after a round of reads the process sleeps for a moment, and the next round finds
 * the frames of all publishers at once. Only for a process that does nothing else.
 */
export class ReadPace {
  private readonly sleepMs: number
  private readonly publishers: () => number
  private readonly never = new Int32Array(new SharedArrayBuffer(4))
  private readonly hasUnsent: () => boolean
  private isDue = false

  /**
   * `sleepMs` of 0 never sleeps. Nor does it sleep over what is `unsent`: a socket takes no more than the kernel's
   * buffer (some 200 KB) each round, and asleep that would be all that viewers get.
   */
  constructor(sleepMs: number, publishers: () => number, hasUnsent: () => boolean = () => false) {
    this.sleepMs = sleepMs
    this.publishers = publishers
    this.hasUnsent = hasUnsent
  }

  /** To be called for each read. */
  hasRead(): void {
    if (this.isDue || this.sleepMs === 0 || this.publishers() < fromPublishers) return
    this.isDue = true
    setImmediate(() => {
      this.isDue = false
      if (!this.hasUnsent()) Atomics.wait(this.never, 0, 0, this.sleepMs)
    })
  }
}
