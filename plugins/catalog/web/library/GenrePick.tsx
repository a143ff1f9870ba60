import { useQuery, useTexts } from '#web'
import { listGenres } from '../../contract.ts'
import { catalogTexts } from '../texts.ts'
import { useAddressWord } from './Search.tsx'

const most = 12

/** The most frequent genres as chips; one of them at a time. */
export function GenrePick() {
  const t = useTexts(catalogTexts)
  const [genre, setGenre] = useAddressWord('genre')
  const { data } = useQuery(listGenres, {}, { freshMs: 60_000 })
  const genres = (data?.items ?? []).slice(0, most).map((item) => item.genre)
  if (genre && !genres.includes(genre)) genres.unshift(genre)
  if (genres.length < 2 && !genre) return null
  return (
    <fieldset class="chips">
      <legend class="hidden-text">{t('genre')}</legend>
      {genres.map((one) => (
        <button
          key={one}
          type="button"
          class="chip"
          aria-pressed={one === genre}
          onClick={() => setGenre(one === genre ? '' : one)}
        >
          {one}
        </button>
      ))}
    </fieldset>
  )
}
