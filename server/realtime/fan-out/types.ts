/** Carries texts to the other processes of the site. Nothing is promised: what is lost is lost. */
export interface FanOut {
  publish(text: string): void
  /** `listener` hears what other processes published, never its own. */
  subscribe(listener: (text: string) => void): void
  close(): Promise<void>
}
