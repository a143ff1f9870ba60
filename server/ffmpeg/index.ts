/** The only place that runs ffmpeg. */
export * from './audio/index.ts'
export { currentFfmpeg, type Ffmpeg, ffmpegRemedy, findFfmpeg } from './find.ts'
export { audioLevel, type SegmentPaths, thumbnail } from './measure.ts'
export { FfmpegError, type FfmpegFault, type FfmpegOptions, runFfmpeg } from './run.ts'
export { type FfmpegStream, type StreamOptions, streamFfmpeg } from './stream.ts'
