import { useEffect } from 'preact/hooks'
import { asProblem, call, type Query, toast, useChannel, useQuery } from '#web'
import { type ChannelView, getMix, healthRoom, type Mix, type MixChange, updateMix } from '../../contract.ts'

export interface MixDesk {
  mix: Query<Mix>
  change(body: MixChange): Promise<void>
}

/** The cameras of a channel as they come and go. */
export function useMix({ slug, playback, status }: ChannelView): MixDesk {
  const mix = useQuery(getMix, { params: { slug } }, { freshMs: 0, everyMs: 10_000 })
  const { reload } = mix
  // What viewers get has changed: another main picture, a camera more or less.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when these change, not when `reload` does
  useEffect(() => void reload(), [playback, status])
  useChannel(
    healthRoom,
    { slug },
    {
      health: ({ streamId, notes, bitrateKbps, fps, height, lagMs }) => {
        if (!mix.data?.cameras.some((camera) => camera.streamId === streamId)) return void reload()
        const levels = notes.map(({ level }) => level)
        const level = levels.includes('bad') ? 'bad' : levels.includes('warn') ? 'warn' : 'ok'
        const health = { level, bitrateKbps, fps, height, lagMs } as const
        return mix.change((known) => ({
          ...known,
          cameras: known.cameras.map((camera) =>
            camera.streamId === streamId && bitrateKbps > 0 ? { ...camera, health } : camera,
          ),
        }))
      },
    },
  )
  const change = async (body: MixChange) => {
    try {
      mix.set(await call(updateMix, { params: { slug }, body }))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
      void reload()
    }
  }
  return { mix, change }
}
