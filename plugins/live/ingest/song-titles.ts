const atMostEveryMs = 1_000

/** What a publisher says is played: each title once, and no more than one a second, of which the last counts. */
export class SongTitles {
  private readonly tell: (title: string) => void
  private last = ''
  private next: string | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(tell: (title: string) => void) {
    this.tell = tell
  }

  /** An empty title says nothing. */
  offer(title: string): void {
    if (title === '') return
    this.next = title
    this.timer ??= setTimeout(() => this.wake(), 0)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.next = undefined
  }

  private wake(): void {
    const { next } = this
    this.next = undefined
    this.timer = undefined
    if (next === undefined || next === this.last) return
    this.last = next
    this.tell(next)
    this.timer = setTimeout(() => this.wake(), atMostEveryMs)
  }
}
