import { Skeleton } from '#web'

/** The grey shape of a page with a player. */
export function WatchSkeleton() {
  return (
    <div class="watch-wait">
      <Skeleton lines={2} />
      <Skeleton shape="video" />
    </div>
  )
}
