import { Later, Skeleton } from '#web'
import type { LockedProps } from './Locked.tsx'

const loadLocked = () => import('./Locked.tsx')

/** In the player's place for who may not watch; most readers may. */
export function LockedStage(props: LockedProps) {
  return <Later load={loadLocked} props={props} wait={<Skeleton shape="video" />} />
}
