import type { MediaSink } from './rtmp-connection.ts'

/** A peer that asked to publish and waits for the answer, whatever protocol it speaks. */
export interface PublishConnection {
  readonly isOpen: boolean
  /** Starts the publish: its media flows into `sink`. */
  accept(sink: MediaSink): void
  /** Turns the publish down in words. */
  refuse(description: string, isWrongKey?: boolean): void
  /** Ends the connection from our side, in words; `code` is RTMP's. The sink hears nothing more. */
  close(code: string, description: string): void
}
