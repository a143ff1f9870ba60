import { useEffect, useState } from 'preact/hooks'

const wide = '(min-width: 761px)'

/** Whether there is room for the whole matrix; follows the window. */
export function useIsWide(): boolean {
  const [isWide, setWide] = useState(() => matchMedia(wide).matches)
  useEffect(() => {
    const media = matchMedia(wide)
    const look = () => setWide(media.matches)
    media.addEventListener('change', look)
    return () => media.removeEventListener('change', look)
  }, [])
  return isWide
}
