/** As much of node-media-server as the comparison needs. */
declare module 'node-media-server' {
  export default class NodeMediaServer {
    constructor(config: object)
    on(event: string, listener: (session: { streamPath: string }) => void): void
    run(): void
  }
}
