import { Later } from '#web'
import type { LineMenuProps } from './LineMenu.tsx'

const loadMenu = () => import('./LineMenu.tsx')

/** The menu of a message for its author and the moderators; nothing at all for others. */
export function LineActions(props: LineMenuProps) {
  const { message, room, myId } = props
  const isOwn = message.author !== null && message.author.id === myId
  return isOwn || room.can.moderate ? <Later load={loadMenu} props={props} wait={null} /> : null
}
