import type { MenuItem, Translate } from '#web'
import type { Angle } from '../../contract.ts'
import type { Choice, Delay } from './kept.ts'
import { choicesOf, shownChoice } from './quality.ts'
import type { Rung } from './source.ts'
import type { StreamPlayer } from './stream-player.ts'
import type { playerTexts } from './texts.ts'

type T = Translate<(typeof playerTexts)['en']>
interface Group {
  title?: string
  items: MenuItem[]
}

/** `Source 1080p`, `720p`, `Automatic (720p)`. */
export function choiceWords(t: T, choice: Choice, rungs: readonly Rung[], playing: Rung | null): string {
  if (choice === 'audio') return t('audioOnly')
  if (choice === 'auto')
    return playing ? t('autoNow', { now: t('lines', { lines: playing.height }) }) : t('auto')
  if (choice !== 'source') return t('lines', { lines: choice })
  const source = rungs.find(({ isSource }) => isSource)
  return source ? t('sourceOf', { lines: source.height }) : t('source')
}

/** The camera's own title; where nobody gave it one, its number in the reader's language. */
export function cameraWords(t: T, { camera, title }: Pick<Angle, 'camera' | 'title'>): string {
  return title === `Camera ${camera}` || title === '' ? t('cameraName', { camera }) : title
}

/** What the menu offers; groups without a choice are left out. */
export function viewGroups(t: T, player: StreamPlayer): Group[] {
  return [qualityGroup(t, player), cameraGroup(t, player), delayGroup(t, player)].filter(
    (group) => group.items.length > 0,
  )
}

function qualityGroup(t: T, player: StreamPlayer): Group {
  const { state, playback } = player
  const rungs = state.rungs.value
  const { hasVideo } = playback
  const has = { audio: playback.audio !== null && hasVideo, video: hasVideo }
  const shown = shownChoice(state.quality.value, rungs)
  const playing = player.front?.link?.figures().rung ?? null
  const items = choicesOf(rungs, has).map((choice) => ({
    label: choiceWords(t, choice, rungs, shown === 'auto' ? playing : null),
    isOn: choice === shown,
    onPick: () => player.chooseQuality(choice),
  }))
  return { title: t('quality'), items }
}

function cameraGroup(t: T, player: StreamPlayer): Group {
  const { cameras, canChooseCamera, quality } = player.state
  const isSeen = canChooseCamera.value && quality.value !== 'audio'
  if (cameras.value.length < 2 || !isSeen) return { title: t('camera'), items: [] }
  return { title: t('camera'), items: cameraItems(t, player) }
}

/** The main picture, whichever camera that is, then each by itself. */
export function cameraItems(t: T, player: StreamPlayer): (MenuItem & { camera: number | null })[] {
  const { cameras, camera, canChooseCamera } = player.state
  // Back in time the main picture is seen, whichever was chosen.
  const seen = canChooseCamera.value ? camera.value : null
  const others = cameras.value.toSorted((a, b) => a.camera - b.camera)
  return [
    {
      label: t('mainCamera'),
      camera: null,
      isOn: seen === null,
      onPick: () => player.chooseCamera(null),
    },
    ...others.map((angle) => ({
      label: cameraWords(t, angle),
      camera: angle.camera,
      isOn: seen === angle.camera,
      onPick: () => player.chooseCamera(angle.camera),
    })),
  ]
}

function delayGroup(t: T, player: StreamPlayer): Group {
  const { source, state } = player
  const delays: Delay[] = source.isLive && state.isFollowing.value ? ['steady', 'low'] : []
  const items = delays.map((delay) => ({
    label: t(delay === 'low' ? 'delayLow' : 'delaySteady'),
    isOn: state.delay.value === delay,
    onPick: () => player.chooseDelay(delay),
  }))
  return { title: t('delay'), items }
}
