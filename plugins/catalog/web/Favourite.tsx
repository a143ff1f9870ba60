import { useState } from 'preact/hooks'
import { asProblem, call, IconButton, me, navigate, toast, useTexts } from '#web'
import { setFavourite, setStars, type Track } from '../contract.ts'
import { secretOf } from './secret.ts'
import { catalogTexts } from './texts.ts'

/** The heart: kept at once, taken back when the server refuses. Strangers are led to sign in. */
export function Favourite({ track }: { track: Pick<Track, 'id' | 'title' | 'mine' | 'release'> }) {
  const t = useTexts(catalogTexts)
  const [isOn, setOn] = useState(track.mine?.isFavourite ?? false)
  const flip = async () => {
    if (!me.value) {
      navigate(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
      return
    }
    setOn(!isOn)
    try {
      const query = { key: secretOf(track) }
      await call(setFavourite, { params: { id: track.id }, query, body: { isFavourite: !isOn } })
    } catch (error) {
      setOn(isOn)
      toast(asProblem(error).message)
    }
  }
  return (
    <span class={`favourite${isOn ? ' is-on' : ''}`}>
      <IconButton
        icon="heart"
        label={isOn ? t('unfavourite', { title: track.title }) : t('favourite', { title: track.title })}
        aria-pressed={isOn}
        onClick={() => void flip()}
      />
    </span>
  )
}

/** Five stars as radio buttons; the one that is set, pressed again, takes the rating away. */
export function Stars({ track }: { track: Pick<Track, 'id' | 'title' | 'mine' | 'release'> }) {
  const t = useTexts(catalogTexts)
  const [stars, setShown] = useState(track.mine?.stars ?? null)
  const rate = async (wanted: number | null) => {
    const before = stars
    setShown(wanted)
    try {
      const query = { key: secretOf(track) }
      await call(setStars, { params: { id: track.id }, query, body: { stars: wanted } })
    } catch (error) {
      setShown(before)
      toast(asProblem(error).message)
    }
  }
  return (
    <fieldset class="stars">
      <legend class="hidden-text">{t('rate', { title: track.title })}</legend>
      {[1, 2, 3, 4, 5].map((count) => (
        <span key={count} class={stars !== null && count <= stars ? 'is-on' : undefined}>
          <IconButton
            icon="star"
            label={t('stars', { count })}
            aria-pressed={stars === count}
            onClick={() => void rate(stars === count ? null : count)}
          />
        </span>
      ))}
    </fieldset>
  )
}
